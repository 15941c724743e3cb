"""Invoices in attachments, read into numbers, days and amounts with their place."""
