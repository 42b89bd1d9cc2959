"""The protocol between cities, pure: messages as they travel (:mod:`.messages`) and what each of them does (:mod:`.machine`).

No Django in here, so that the same code that the platform runs is played against lost, late and doubled messages by tests.
"""
