SELECT
    c.email,
    c.first_name,
    SUM(o.total) AS spent,
    MAX(o.updated_at) AS updated_at
FROM {database}.sales.customers AS c
JOIN {database}.sales.orders AS o ON o.customer_id = c.id
GROUP BY c.email, c.first_name
