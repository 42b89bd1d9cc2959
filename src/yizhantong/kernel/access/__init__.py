"""Access 权限: accounts, roles, and what each may see and do.

A role is a set of permission codes; a grant gives a role to an account over a scope (a division with all it manages, an
agency, what is one's own, or the whole city) for some days. Code asks for permissions, never for roles::

    from yizhantong.kernel.access import policy
    policy.check(user, "ledger.record", division="210781")     # raises Refused with a code and a sentence
    policy.divisions(user, "ledger.view")                      # None: all; or the frozenset of division codes

Administration is split in three (GB/T 22239-2019, level 3): system, security and audit administrators; no account may hold
two of them. Staff sign in with a second factor.
"""
