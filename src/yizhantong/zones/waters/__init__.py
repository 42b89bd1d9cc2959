"""Waters 渔业水质监测: stations of the coastal waters and ponds, surveys, samples, results, and what the standards say of them.

Terms: 监测站 station, 监测(次) survey, 出海监测 survey at sea (one mode of a survey, so a part of all surveys), 水样(批次) sample, 监测数据
result (one value of one parameter of one sample), 外海 open sea, 海参池塘 / 海蜇池塘 ponds of sea cucumbers / of jellyfish, 码头 wharf,
未检出 not detected (below the limit of detection 检出限), 待复测 failed quality control, 劣四类 worse than class IV.

The way of a number::

    establish   a station enters the plan of a year; ``withdraw_station`` takes it out
    survey      a survey takes place, at sea or on shore
    take        a survey takes water at a station of that year's plan: one sample
    measure     a result for each parameter, judged by GB 11607-89 at once; one that failed quality control is
                marked and left out of evaluation, ``measure_again`` replaces it

Which standard applies (never mixed into one verdict): open sea by GB 3097-1997 classes and GB 11607-89; ponds by GB 11607-89; wharfs by
class IV, GB 11607-89 for reference. ``standards`` judges, ``formulas`` computes indices, ``rounding`` rounds for print.

Norms: GB 3097-1997, GB 11607-89, GB 17378, GB 12763.4-2007, HJ 442-2020, HJ 525-2009 (codes), GB/T 8170. The limits lie in ``data``
with the state of their verification; 待核 rows were not confirmed against the text of the standard.
"""
