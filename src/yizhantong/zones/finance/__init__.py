"""Bank and enterprise matching 银企撮合: three amounts that are never mixed.

Terms: 融资需求 need (what an enterprise asks for), 授信 credit (what a bank grants), 放款 drawdown (what the bank pays out),
首贷 first loan, 年利率 yearly rate (simple interest, in basis points: 435 is 4.35 %).

The way of a loan:

1. An enterprise publishes a need (``need``): amount, term, use, guarantee.
2. A bank grants credit against it (``credit``): amount, rate, term; several banks may. Never more than was asked for.
3. The bank pays out once or several times (``drawdown``), each known by the bank's own reference; together never more than the credit.
4. 解决资金 of a report is the sum of drawdowns, never of credit or needs.

The public sees amounts, terms and banks, never which enterprise asked or was paid.
A drawdown keeps the interest of one year on it, so that the average rate is a ratio of two sums and stays additive.

Norms: 国办发〔2021〕52号 and 国办发〔2024〕15号 (sharing of credit information for financing of small enterprises), later than 2021 in
part; that 解决资金 means 放款 is our reading, 待核. Money is in 分.
"""
