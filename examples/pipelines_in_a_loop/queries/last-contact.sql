SELECT
    email,
    MAX(subject) AS subject_of_a_ticket,
    MAX(last_updated_date_time) AS last_updated_date_time
FROM mp.demo_service.tickets
GROUP BY email
