"""Innovation 科技创新: key projects of the province's plan, masters of a craft, incubators and what grew in them.

Terms: 企业技术创新重点项目 key project of a plan year (its level 技术水平 and 填补国内空白 "fills a domestic gap" are two attributes: a
project may have both, so the parts do not add up to the whole), 利税 profit and tax, 预计 estimate (never shown as achieved),
技能大师工作站 station of a master of a craft (批次 batch), 双创载体 carrier: 科技企业孵化器 incubator, 众创空间 maker space, 大学科技园
university science park, 营业收入 operating income of incubators and 总收入 total income of maker spaces (two indicators, never
added), 高新技术企业 high-tech enterprise, 科技型中小企业 technology-based SME (an enterprise may be both), 发明专利 invention patent.

The way of a project, a station and a carrier::

    list_project       it enters the plan of a year, with what is expected of it; ``strike_project`` takes it out
    found_station      a master's station is confirmed in a batch; ``add_facility`` its rooms, one by one
    register_carrier   recognised at a level; ``withdraw_carrier`` when it loses it
    report_year        a carrier's year: incomes, jobs; the State's form counts in thousands of 元 (千元)
    certify            an enterprise grown in a carrier; ``grant_patent`` to one, ``lapse_patent`` in time

Norms: 国科发区〔2018〕300号 (incubators), 国科火字〔2019〕200号 (yearly statistics, unit 千元), 国科发火〔2016〕32号 (high-tech enterprises),
国科发政〔2017〕115号 (technology-based SMEs).
"""
