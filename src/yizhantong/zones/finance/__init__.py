"""Bank and enterprise matching 银企撮合: three amounts that are never mixed.

Terms: 融资需求 need (what an enterprise asks for), 授信 credit (what a bank grants), 放款 drawdown (what the bank pays out),
首贷 first loan, 年利率 yearly rate (simple interest, in basis points: 435 is 4.35 %).

The way of a loan::

    publish_need   an enterprise says what it asks for: amount, term, use, guarantee
    grant_credit   a bank grants credit against the need (several may), never more than was asked for
    draw           the bank pays out, each time by its own reference, together never more than the credit

解决资金 of a report is the sum of drawdowns, never of credit or needs. The public sees amounts, terms and banks,
never which enterprise asked or was paid. A drawdown keeps the interest of one year on it, so that the average rate is a ratio
of two sums and stays additive.

Norms: 国办发〔2021〕52号 and 国办发〔2024〕15号 (sharing of credit information for financing of small enterprises), later than 2021 in
part; that 解决资金 means 放款 is our reading, 待核. Money is in 分.
"""
