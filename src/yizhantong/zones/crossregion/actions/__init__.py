"""What changes between cities: one function per change, each in its module.

``partners`` (who they are, their keys and items, what we open), ``sending`` (a request that came in for another city), ``outbox``
(messages that wait), ``inbox`` (messages that came), ``arriving`` (a request of another city becomes our case), ``telling`` (its way
and end are told), ``following`` (what the sender does with what it hears), ``ending`` (delivery, return, withdrawal), ``facts`` (the guarded ledgers).
"""
