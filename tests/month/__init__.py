"""A month of business that is to end reconciled: mail, invoices, banks, card payments."""
