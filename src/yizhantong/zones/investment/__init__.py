"""Investment 招商引资: what was agreed with investors, how far it has come, and what money has really arrived.

Terms: 签约 signing (a formal contract; a framework agreement 框架协议 is kept but never counted in 签约额), 合同额 contract
amount, 总投资 total investment, 三篇大文章 the three chapters (老字号 old brands renewed, 原字号 raw-material industries
deepened, 新字号 new industries grown), 注册/开工/投产 stages, 到位资金 recognised receipt of funds, 招商活动 activity (one 批次),
对接企业 enterprise contacted (家: distinct; 家次: contacts), 副市级以上 deputy mayor or higher, AB 制 two leaders of a unit who take
turns in travelling.

The way of a project::

    sign          one fact for each project: amounts, chapter, industry, kind of agreement, origin of the investor
    advance       one fact for each stage reached, each with the proof that its gate asks for
    recognise     one fact for each proof of money, with what was claimed and what was recognised (never more)
    hold, meet    activities, and the enterprises met in each
    roster        who travels and who stays, for each unit and week
    take_back_…   what was entered by mistake and nothing else rests on

A project's life is several facts that share its number (项目编号). 到位资金 holds money of contracts of earlier years: divided by
this year's 签约额 it is no rate of fulfilment, and the zone declares no such figure.

Norms: GB/T 4754-2017 (industrial = sections B, C, D); the definition of 到位资金 is the city's own and stays 待核.
"""
