"""Every way in: the command line, the worker, and the wiring that joins the rooms."""
