"""Bank and enterprise matching 银企撮合: amounts wanted, granted, contracted and drawn, never mixed; banks see what they are let see.

Terms: 融资需求 need (a case; on the market its 需求发布 listing), 信贷产品 product, 数据授权 authorisation, 查看 look, 银行对接 dealing of one
bank with one need (``Engagement``), 抢单 grabbing, 授信 credit, 签约 contract, 放款 drawdown, 首贷 first loan, 年利率 yearly rate (simple
interest, in basis points: 435 is 4.35 %; LPR plus basis points), 对接会 matching event.

The way of a loan::

    file_need        an enterprise says what it asks for; the finance office reviews and publishes it (the case's acceptance)
    authorise        who may look at which data, for what, until when; it expires by itself, every look is on record
    push, grab, assign, invite    a bank comes to it: by a product that suits, as one of the first, by the office, at an event
    contact          within working days, else the need falls back to the pool
    investigate, grant | refuse   credit never above what was asked for; a refusal is from a list
    sign             never above the credit, all banks together never above the need
    draw             by the bank's own reference, once, by hand or by file; never above the contract; wrong ones in red letters
    repay, renew     until it is settled; late loans are overdue
    close            solved when money was drawn; unsolved with a reason from a list

Rooms: ``machine`` (states, and who may change them), ``models``, ``actions`` and ``queries`` by topic, ``matching`` (needs × products by
rule), ``bankfiles`` (pure), ``config`` and ``load`` (the city's ``finance/`` folder), ``hooks``, ``events``, ``pages``, ``api``, ``sample_*`` (played).

解决资金 of a report is the sum of drawdowns, never of credit or needs. The public sees amounts, terms and banks, never which
enterprise asked or was paid. A drawdown keeps the interest of one year on it, so that the average rate is a ratio of two sums.

Norms: 国办发〔2021〕52号 and 国办发〔2024〕15号 (sharing of credit information for financing of small enterprises), later than 2021 in
part; 征信业管理条例 (written consent of a person whose credit is asked); limits of days are local usage, 待核; that 解决资金 means 放款 is
our reading, 待核. Money is in 分.
"""
