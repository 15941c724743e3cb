"""The customer that a document is for: found in the books, made only where the flow says so."""

from __future__ import annotations

from collections.abc import AsyncIterator, Mapping
from typing import Any

from connectors.business_central.client import NAME, literal
from connectors.business_central.company import Company
from connectors.business_central.trouble import AnswerLost
from flows.errors import DeliveryUnknown, OperatorError


async def customer_of(company: Company, body: Mapping[str, Any]) -> str:
    """Return the id of the customer of an output.

    `customer` is a number or a mail address in the books. Where there is none of that address
    and the output gives a `new_customer`'s name, that one is made.

    Raises:
        OperatorError: There is no such customer, or more than one.
        DeliveryUnknown: An answer was lost when one was made.
        AdministratorError, TransientError: As `Company.path`.
    """
    wanted, name = str(body.get("customer") or ""), str(body.get("new_customer") or "")
    if not wanted:
        raise OperatorError("nothing says which customer this is for", fix="give `customer`")
    by_mail = "@" in wanted
    found = [each async for each in _found(company, wanted, by_mail=by_mail)]
    if len(found) > 1:
        raise OperatorError(
            f"{len(found)} customers in {NAME} have this mail address",
            fix="give the number of one as `customer`",
        )
    if found:
        return found[0]
    if not by_mail or not name:
        what = "mail address" if by_mail else "number"
        raise OperatorError(
            f"{NAME} has no customer with this {what}",
            fix="make the customer there and approve this again; or let the step make customers"
            " (`new_customer`)",
        )
    return await _made(company, wanted, name)


async def _found(company: Company, wanted: str, *, by_mail: bool) -> AsyncIterator[str]:
    # Capitals do not count: the API looks without them only where they are folded on purpose.
    mail = f"tolower(email) eq {literal(wanted.lower())}"
    query = {
        "$filter": mail if by_mail else f"number eq {literal(wanted)}",
        "$select": "id,number",
    }
    target = await company.path("customers")
    async for each in company.api.listed(target, query, fresh=True, did="look for customers"):
        yield str(each["id"])


async def _made(company: Company, email: str, name: str) -> str:
    target = await company.path("customers")
    customer = {"displayName": name, "email": email}
    try:
        return str((await company.api.post(target, customer, did="make a customer"))["id"])
    except AnswerLost:
        raise DeliveryUnknown(
            f"{NAME} gave no answer when a customer was made",
            fix="approve this again in some minutes: the customer is looked for first",
        ) from None
