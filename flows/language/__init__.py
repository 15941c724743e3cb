"""flows.yaml: from text to typed flows, with a place for every problem."""
