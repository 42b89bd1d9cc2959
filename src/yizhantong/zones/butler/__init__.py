"""Butler service 管家服务: one named person for each enterprise, and one ending for each of its appeals.

Terms: 专区 service zone (a counter of the one-stop platform), 项目管家 butler (the official assigned to an enterprise),
走访 visit, 诉求 appeal, 受理 acceptance, 办结 closing, 解决 solved, 解释说明 explained, 无法解决 unable.

The way of an appeal:

1. An enterprise has at most one butler at a time (``assignment``, a register: entered, withdrawn when another takes over).
2. The butler visits (``visit``); what he is told may become an appeal.
3. An appeal is accepted (``appeal``) through one channel and gets one responsible agency: the first receiver stays accountable.
4. It is closed once (``outcome``): solved, explained, or no help possible. Closed is not solved: figures count both.
5. The enterprise may rate the outcome once, from 5 to 1 (``rating``); no rating stays no rating, never a good one.

Facts never say who spoke for the enterprise; butlers appear by their pseudonymous codes (``M-000123``).
The public sees appeals by kind, channel and agency, never whose they are or what exactly they ask.
The classes of help behind the name 四大类帮扶 are not published; no ledger invents them.

Norms: GB/T 33358-2016 (hotlines: acceptance to closing), 国办发〔2019〕51号 (five levels of rating, 1 and 2 are bad ones),
国办发〔2020〕53号 (one door, closed loop). How 解决率 is formed is local usage, 待核.
"""
