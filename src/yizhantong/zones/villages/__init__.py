"""Villages 村庄清洁行动: which villages take part, what each clean-up did, and whether it holds when looked at again.

Terms: 三清一改 (three clean-ups and one change: household waste, ponds and ditches, farm waste such as manure; and habits),
三堆 the three heaps (柴草堆 firewood, 粪堆 dung, 杂物堆 odds and ends), 五无 the five noes of an inspection, 涉农街道 a street with
villages, 人次 person-times, 台次 vehicle trips, 首次 first clean-up of a pond or ditch (another one is 重复清理).

The way of a report::

    enrol     a village of the official list takes part: one fact of the register; ``leave`` withdraws it
    report    what was done in a village on a day: people, trips, waste, ponds, ditches, manure, heaps
    inspect   a village is looked at by the five noes; it passes when all five hold

Taking part is a fact and not a property of the list of divisions: the official list has villages and communities that do not
take part, and the city counts more villages than that list names. Masses are kept in kilograms, lengths in metres.

Norms: 《农村人居环境整治村庄清洁行动方案》 (18 ministries, 2018-12); bounds of plausibility are the city's own and stay 待核.
"""
