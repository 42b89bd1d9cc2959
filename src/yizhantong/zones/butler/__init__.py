"""Butler service 管家服务: one named person for each enterprise, and one ending for each of its appeals.

Terms: 专区 service zone (a counter of the one-stop platform), 项目管家 butler (the official assigned to an enterprise),
走访 visit, 诉求 appeal, 受理 acceptance, 办结 closing, 解决 solved, 解释说明 explained, 无法解决 unable.

The way of an appeal::

    assign_butler   an enterprise gets its butler, one at a time; ``relieve_butler`` when another takes over
    record_visit    the butler visits; what he is told may become an appeal
    accept_appeal   through one channel, with one responsible agency: the first receiver stays accountable
    close_appeal    once: solved, explained, or no help possible; closed is not solved, and figures count both
    rate_outcome    the enterprise may rate it once, from 5 to 1; no rating stays no rating, never a good one
    take_back_…     what was entered by mistake, the last step first

Facts never say who spoke for the enterprise; butlers appear by their pseudonymous codes (``M-000123``).
The public sees appeals by kind, channel and agency, never whose they are or what exactly they ask.
The classes of help behind the name 四大类帮扶 are not published; no ledger invents them.

Norms: GB/T 33358-2016 (hotlines: acceptance to closing), 国办发〔2019〕51号 (five levels of rating, 1 and 2 are bad ones),
国办发〔2020〕53号 (one door, closed loop). How 解决率 is formed is local usage, 待核.
"""
