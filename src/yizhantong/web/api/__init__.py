"""The API 开放接口: what pages show and do, for programs, under ``/api/v1/`` (OpenAPI 3.1 at ``openapi.json``, pages at ``docs``).

The way of a request:

1. ``door`` looks at it before any operation does: method, parameters that nobody declared, type and size of the body.
2. ``auth`` says who asks: ``Authorization: Bearer <token>``, a session of the browser (with CSRF token for changes, and the
   second factor of staff), or the public.
3. An operation (``figures``, ``snapshots``, ``ledgers``, ``facts``, ``files``, ``checks``, ``proofs``, ``divisions``, ``items``,
   ``filing``, ``cases``, ``handling``, ``casefiles``, ``notices``, ``search``) parses, calls one query or action of the kernel,
   and answers. Zones have their own below ``/<zone>/``.
4. Whatever goes wrong becomes problem details (RFC 9457) in ``problems``: ``urn:yizhantong:<code>``, a sentence, the fields.

Numbers are in stored units (分, 千克, 米) wherever facts are given or taken, exact in ``raw`` and ``text`` of figures; lists go
on by keyset (``after``). Personal columns of ledgers are always masked here; in cases they are masked to all but those who ask.
"""

from yizhantong.web.api.door import unknown as unknown
from yizhantong.web.api.root import api as api

urls = api.urls
