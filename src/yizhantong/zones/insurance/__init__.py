"""Insurance 农房保险: who is covered, what disasters did, what was claimed, assessed and paid.

Terms: 农村特困人员 (here: 低保户 households on minimum living allowance and 分散供养特困人员), 保额 sum insured of a household and
year, 保费 premium, 农户自缴 what the household pays itself (nothing: the government pays all of it), 险种 cover (房屋 house, 地震
earthquake, 家庭财产 contents) with its own limit, 灾害事件 disaster, 报案 claim, 定损 assessment, 赔付 payment, 简单赔付率 simple loss
ratio (paid over premium of the year so far; no earned premium, no reserves).

The way of a claim::

    insure   a household for a year: one policy in force each, ``cancel_policy`` ends it
    happen   a disaster with its name and the day on which it began
    claim    a household reports a loss within its year of insurance
    assess   the loss is fixed, or refused with a reason
    pay      at most what was assessed, and at most what is left of the sum insured

The covers of a year and their limits (``insurance.cover``) are entered by import. Households are known here by
pseudonymous codes only; names, identity numbers and accounts stay with the insurer.

Norms: Insurance Law 保险法 art. 23 (assessment within 30 days, payment within 10 days of agreement, refusal told within 3); how the
sum insured is divided over the covers is not published and stays 待核.
"""
