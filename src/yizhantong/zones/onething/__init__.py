"""One thing, once 一件事一次办: a matter of life that touches several agencies is asked for once.

Terms: 一件事 package (新生儿出生落户 a birth, 不动产过户 a house changing hands, 入学报名 entering school, 企业开办 founding an enterprise),
联办单位 agencies taking part, 受理 acceptance, 办结 closing, 到场次数 visits in person, 承诺时限 promised working days.

A package is an item of the kernel whose version holds a specification (``spec``): questions of the situation, parts with their order, who
signs too. ``assembling`` makes one form, one set of materials and one promise of it (``merging``, ``conflicts``, ``gains``).

The way of a package, a case of the kernel with a case for each part (``hooks``)::

    draft, sign        others sign what the form says, by links that die by themselves (``cosigning``); a change voids them
    submit, accept     once, by the lead; the parts that the answers call for open in their order (``actions.parts``, ``ordering``)
    granted, refused   each part on its own: what waits for a part that is lost never opens, what was issued stands
    ended              granted, partial or refused, with the sum told; each part is one fact at its acceptance and one at its ending

办理 counts what was accepted, 办结 what was closed: never mixed. 一次 is a rule, at most one visit in person (``once_share``
measures it). Facts name neither the child nor the buyer: a part is a number.

Norms: 行政许可法 art. 26 (joint handling), art. 82 (working days);
国发〔2024〕3号 and 国办发〔2025〕24号 came later than 2021 and are shown as such; the promised days of each package are local, 待核.
"""
