"""One company of an environment: where it is, its currency, and its accounts for money."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from connectors.business_central.client import Api, elements
from connectors.business_central.trouble import Refused
from flows.errors import AdministratorError, SignInNeeded, TransientError

_CASH: Final = ("Assets", "Cash")
"""Category and subcategory of the accounts that hold money, in English books.

Source: https://learn.microsoft.com/dynamics365/business-central/
bi-use-cash-flow-statement (account categories)
"""


class Company:
    """One company, found by its name. What it says of itself is asked once.

    Args:
        api: The environment.
        name: Name or display name, in whatever letters.
    """

    def __init__(self, api: Api, name: str) -> None:
        self.api, self._name = api, name
        self._id = self._currency = ""

    async def path(self, rest: str) -> str:
        """Return the path of a resource of the company.

        Raises:
            AdministratorError: There is no such environment or company.
            SignInNeeded, TransientError: As `Api.get`.
        """
        if not self._id:
            self._id = await self._found()
        return f"/companies({self._id})/{rest}"

    async def currency(self) -> str:
        """Return the currency in which the books are kept, by its ISO 4217 code.

        Raises:
            AdministratorError: As `path`, or the company has none.
            SignInNeeded, TransientError: As `Api.get`.
        """
        if not self._currency:
            target = await self.path("companyInformation")
            told = elements(await self.api.get(target, {"$select": "id,currencyCode"}))
            code = str(told[0].get("currencyCode") or "") if told else ""
            if len(code) != 3:  # noqa: PLR2004 - as ISO 4217 has them
                raise AdministratorError(
                    "the company in Business Central does not say in what currency it keeps"
                    " its books",
                    fix="set LCY Code in General Ledger Setup there",
                )
            self._currency = code.upper()
        return self._currency

    async def money_accounts(self, given: Sequence[str]) -> tuple[str, ...]:
        """Return the numbers of the ledger's accounts that hold money: *given*, or found.

        Raises:
            AdministratorError: As `path`; or one given is not there, or none was found.
            SignInNeeded, TransientError: As `Api.get`.
        """
        target = await self.path("accounts")
        query = {"$select": "id,number,category,subCategory,accountType"}
        known: dict[str, tuple[str, str]] = {}
        async for each in self.api.listed(target, query, did="read accounts"):
            if each.get("accountType") == "Posting":
                sort = str(each.get("category") or ""), str(each.get("subCategory") or "")
                known[str(each["number"])] = sort
        if strange := [number for number in given if number not in known]:
            raise AdministratorError(
                f"the chart of accounts has no posting account {', '.join(strange)}",
                fix="correct `accounts` in flows.yaml: numbers of G/L accounts of the books",
            )
        if found := tuple(given) or tuple(n for n, sort in known.items() if sort == _CASH):
            return found
        raise AdministratorError(
            "the chart of accounts has no account of category Assets, subcategory Cash",
            fix='say in flows.yaml which G/L accounts hold money: `accounts: ["10100"]`',
        )

    async def _found(self) -> str:
        try:
            page = await self.api.get("/companies", {"$select": "id,name,displayName"})
        except Refused as error:
            if error.missing:
                raise await self._no_environment() from None
            raise
        wanted = self._name.casefold()
        companies = elements(page)
        for each in companies:
            names = {str(each.get("name") or ""), str(each.get("displayName") or "")}
            if wanted in {name.casefold() for name in names}:
                return str(each["id"])
        known = ", ".join(sorted(str(each.get("name")) for each in companies)[:10])
        raise AdministratorError(
            f"the environment {self.api.environment} has no company of this name that the"
            " account may see",
            fix=f"correct `company` in flows.yaml; it may see: {known or 'none'}",
        )

    async def _no_environment(self) -> AdministratorError:
        try:
            known = ", ".join(await self.api.environments())
        except (Refused, SignInNeeded, TransientError):
            known = ""
        names = f": {known}" if known else ", as the administration centre lists them"
        return AdministratorError(
            f"Business Central has no environment {self.api.environment!r} for this account",
            fix=f"correct `environment` in flows.yaml to one that there is{names}",
        )
