"""Parties 主体: persons, organisations (enterprises, agencies, banks, insurers), industries, and who acts for whom.

An organisation is known by its unified social credit code (GB 32100-2015), an industry by its code (GB/T 4754-2017).
Identity numbers and phones of persons are stored encrypted, with a keyed index for equality (see ``sealing``
for the providers); they are masked wherever they are shown.
"""
