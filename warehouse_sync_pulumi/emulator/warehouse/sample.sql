-- The sample warehouse: support tickets, one every six hours from the start of 2023, 1,460 in all.
-- Every third is still open; an address writes several times; the dates are fixed, so that counts are too.
ATTACH ':memory:' AS mp;
CREATE SCHEMA mp.demo_service;
CREATE TABLE mp.demo_service.tickets AS
SELECT
    number::INTEGER AS id,
    'customer-' || (number * 7 % 97) AS customer_id,
    'customer-' || (number * 7 % 97) || '@example.com' AS email,
    ['Login', 'Invoice', 'Delivery', 'Refund', 'Other'][1 + number % 5] AS subject,
    CASE WHEN number % 3 = 0 THEN 'open' ELSE 'closed' END AS status,
    updated AS last_updated_date_time,                          -- timestamp_ltz, timestamp_tz
    updated AT TIME ZONE 'UTC' AS last_updated_utc,             -- timestamp_ntz, datetime
    (updated AT TIME ZONE 'UTC')::DATE AS last_updated_date,    -- date
    epoch_ms(updated) AS scanned_timestamp_ms,                  -- timestamp_unixtime_ms
    epoch_ms(updated) // 1000 AS scanned_timestamp_s            -- timestamp_unixtime_s
FROM (
    SELECT number, TIMESTAMPTZ '2023-01-01 00:00:00+00' + number * INTERVAL 6 HOUR AS updated
    FROM range(1460) AS numbers(number)
);
