SELECT
    email,
    COUNT(id) AS count_of_closed_tickets,
    MAX(last_updated_date_time) AS last_updated_date_time
FROM mp.demo_service.tickets
WHERE status = 'closed'
GROUP BY email
