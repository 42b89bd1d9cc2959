-- The figures of the city's largest ledgers as a person would write them for DuckDB, one query for each ledger: what the
-- figures' engine is measured against. A ledger in braces is the list of its Parquet files. As of 2021-08-16, reversals
-- are taken off. The column names are the figures' codes.

-- onething.acceptance
SELECT sum(sign) AS "onething.accepted",
       sum(sign) FILTER (occurred_on >= DATE '2021-01-01') AS "onething.accepted_this_year",
       sum(sign) FILTER (package = 'birth') AS "onething.birth",
       sum(sign) FILTER (package = 'property') AS "onething.property",
       sum(sign) FILTER (package = 'school') AS "onething.school",
       sum(sign) FILTER (package = 'startup') AS "onething.startup",
       sum(sign) FILTER (channel = 'online') AS "onething.online",
       (SELECT count(*) FROM (SELECT package FROM read_parquet({onething.acceptance})
         WHERE recorded_at < TIMESTAMP '2021-08-16 16:00' AND occurred_on <= DATE '2021-08-16'
         GROUP BY package HAVING sum(sign) > 0)) AS "onething.packages"
FROM read_parquet({onething.acceptance})
WHERE recorded_at < TIMESTAMP '2021-08-16 16:00' AND occurred_on <= DATE '2021-08-16';

-- onething.closing
SELECT sum(sign) AS "onething.closed",
       sum(sign) FILTER (visits <= 1) AS "onething.at_most_once",
       sum(sign) FILTER (occurred_on <= due_on) AS "onething.in_time",
       sum(sign * days) AS "onething.days"
FROM read_parquet({onething.closing})
WHERE recorded_at < TIMESTAMP '2021-08-16 16:00' AND occurred_on <= DATE '2021-08-16';

-- livelihood.help
SELECT sum(sign) AS "livelihood.helps", sum(sign) FILTER (result = 'solved') AS "livelihood.helps_solved"
FROM read_parquet({livelihood.help})
WHERE recorded_at < TIMESTAMP '2021-08-16 16:00' AND occurred_on BETWEEN DATE '2021-03-12' AND DATE '2021-08-16';

-- insurance.policy
WITH policy AS (
  SELECT * FROM read_parquet({insurance.policy})
  WHERE recorded_at < TIMESTAMP '2021-08-16 16:00' AND occurred_on BETWEEN DATE '2021-01-01' AND DATE '2021-08-16'
), household AS (
  SELECT household, sum(sign) AS n, sum(sign) FILTER ("group" = 'allowance') AS allowance,
         sum(sign) FILTER ("group" = 'supported') AS supported
  FROM policy GROUP BY household
)
SELECT sum(sign * premium_fen) AS "insurance.premium", sum(sign * subsidy_fen) AS "insurance.subsidy",
       sum(sign * farmer_fen) AS "insurance.farmers_paid", sum(sign * insured_fen) AS "insurance.insured",
       (SELECT count(*) FROM household WHERE n > 0) AS "insurance.households",
       (SELECT count(*) FROM household WHERE allowance > 0) AS "insurance.allowance_households",
       (SELECT count(*) FROM household WHERE supported > 0) AS "insurance.supported_households"
FROM policy;

-- livelihood.deed
SELECT sum(sign) AS "livelihood.deeds",
       sum(sign) FILTER (kind = 'good') AS "livelihood.deeds_good",
       sum(sign) FILTER (kind = 'practical') AS "livelihood.deeds_practical",
       sum(sign) FILTER (kind = 'difficult') AS "livelihood.deeds_difficult",
       (SELECT count(*) FROM (SELECT member FROM read_parquet({livelihood.deed})
         WHERE recorded_at < TIMESTAMP '2021-08-16 16:00' AND occurred_on BETWEEN DATE '2021-01-01' AND DATE '2021-08-16'
         GROUP BY member HAVING sum(sign) > 0)) AS "livelihood.doers"
FROM read_parquet({livelihood.deed})
WHERE recorded_at < TIMESTAMP '2021-08-16 16:00' AND occurred_on BETWEEN DATE '2021-01-01' AND DATE '2021-08-16';

-- livelihood.claim
SELECT sum(sign) AS "livelihood.claims",
       (SELECT count(*) FROM (SELECT member FROM read_parquet({livelihood.claim})
         WHERE recorded_at < TIMESTAMP '2021-08-16 16:00' AND occurred_on BETWEEN DATE '2021-03-12' AND DATE '2021-08-16'
         GROUP BY member HAVING sum(sign) > 0)) AS "livelihood.claimants"
FROM read_parquet({livelihood.claim})
WHERE recorded_at < TIMESTAMP '2021-08-16 16:00' AND occurred_on BETWEEN DATE '2021-03-12' AND DATE '2021-08-16';

-- livelihood.check
SELECT sum(sign) AS "livelihood.checks", sum(sign * households) AS "livelihood.households_checked",
       (SELECT count(*) FROM (SELECT member FROM read_parquet({livelihood.check})
         WHERE recorded_at < TIMESTAMP '2021-08-16 16:00' AND occurred_on BETWEEN DATE '2021-01-01' AND DATE '2021-08-16'
         GROUP BY member HAVING sum(sign) > 0)) AS "livelihood.checkers"
FROM read_parquet({livelihood.check})
WHERE recorded_at < TIMESTAMP '2021-08-16 16:00' AND occurred_on BETWEEN DATE '2021-01-01' AND DATE '2021-08-16';

-- livelihood.issue
SELECT sum(sign) AS "livelihood.issues"
FROM read_parquet({livelihood.issue})
WHERE recorded_at < TIMESTAMP '2021-08-16 16:00' AND occurred_on BETWEEN DATE '2021-03-12' AND DATE '2021-08-16';

-- livelihood.settlement
SELECT sum(sign) AS "livelihood.settled", sum(sign) FILTER (occurred_on <= due_on) AS "livelihood.settled_in_time"
FROM read_parquet({livelihood.settlement})
WHERE recorded_at < TIMESTAMP '2021-08-16 16:00' AND occurred_on BETWEEN DATE '2021-03-12' AND DATE '2021-08-16';

-- investment.signing
SELECT sum(sign) FILTER (agreement = 'formal') AS "investment.projects",
       sum(sign * contract_fen) FILTER (agreement = 'formal') AS "investment.signed_amount",
       sum(sign) FILTER (agreement = 'formal' AND contract_fen >= 10000000000) AS "investment.large_projects",
       sum(sign * contract_fen) FILTER (agreement = 'formal' AND contract_fen >= 10000000000) AS "investment.large_amount",
       sum(sign) FILTER (agreement = 'formal' AND industrial) AS "investment.industrial_projects",
       sum(sign * contract_fen) FILTER (agreement = 'formal' AND industrial) AS "investment.industrial_amount"
FROM read_parquet({investment.signing})
WHERE recorded_at < TIMESTAMP '2021-08-16 16:00' AND occurred_on BETWEEN DATE '2021-01-01' AND DATE '2021-08-16';

-- villages.report
SELECT sum(sign) AS "villages.reports", sum(sign * person_times) AS "villages.people",
       sum(sign * vehicle_times) AS "villages.vehicles", sum(sign * waste_kg) AS "villages.waste",
       sum(sign * ponds) AS "villages.ponds", sum(sign * ditch_m) AS "villages.ditches",
       sum(sign * ditch_m) FILTER (first_time) AS "villages.ditches_first", sum(sign * manure_kg) AS "villages.manure",
       sum(sign * piles) AS "villages.heaps", sum(sign * straw_piles) AS "villages.straw_heaps",
       sum(sign * dung_piles) AS "villages.dung_heaps", sum(sign * debris_piles) AS "villages.debris_heaps",
       (SELECT count(*) FROM (SELECT division_id FROM read_parquet({villages.report})
         WHERE recorded_at < TIMESTAMP '2021-08-16 16:00' AND occurred_on BETWEEN DATE '2021-01-01' AND DATE '2021-08-16'
         GROUP BY division_id HAVING sum(sign) > 0)) AS "villages.villages"
FROM read_parquet({villages.report})
WHERE recorded_at < TIMESTAMP '2021-08-16 16:00' AND occurred_on BETWEEN DATE '2021-01-01' AND DATE '2021-08-16';
