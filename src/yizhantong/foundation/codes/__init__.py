"""Identifiers: who, where, what, by the codes of the State.

One module for each sort of code, all alike: ``validate(text)`` gives the one normal form or raises
:class:`~yizhantong.foundation.codes.errors.CodeError` (a stable ``code``, and a Chinese sentence that says what is
wrong, at which place, and what to do); ``is_valid(text)`` only asks. Full-width input is read as half-width (NFKC).

``uscc``        organisations, GB 32100-2015 and GB 11714-1997
``identity``    citizens, GB 11643-1999; ``mask`` for the screen
``divisions``   administrative divisions, GB/T 2260 and the statistical codes
``industries``  GB/T 4754-2017
``phones``      mobile and landline numbers; ``mask``
``items``       government service items, GB/T 39554.1-2020
``project``     investment projects of the national approval platform

Only shapes and check characters live here; which codes exist at which time is data of the kernel and the cities.
"""
