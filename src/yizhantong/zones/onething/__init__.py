"""One thing, once 一件事一次办: a matter of life that touches several agencies is asked for once.

Terms: 一件事 package (新生儿出生落户 a birth, 不动产过户 a house changing hands, 入学报名 entering school, 企业开办 founding an enterprise),
联办单位 agencies taking part, 受理 acceptance, 办结 closing, 到场次数 visits in person, 承诺时限 promised working days.

The way of an application::

    accept                 once for the whole package, whatever the channel and however many agencies take part
    close                  once: done, refused with a reason, or withdrawn; with the visits that were needed, the
                           days it took, and the day promised (a promise in working days: the day is what remains of it)
    take_back_acceptance   an application entered by mistake that is not closed

办理 counts what was accepted, 办结 what was closed: never mixed. 一次 is a rule, at most one visit in person (``once_share``
measures it). Facts name neither the child nor the buyer: an application is a number.

Norms: 行政许可法 art. 26 (joint handling), art. 82 (working days);
国发〔2024〕3号 and 国办发〔2025〕24号 came later than 2021 and are shown as such; the promised days of each package are local, 待核.
"""
