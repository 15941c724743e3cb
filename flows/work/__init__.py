"""The life of jobs and invoices: how they are recorded, found, settled and chased."""
