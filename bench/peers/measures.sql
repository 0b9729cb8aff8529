SELECT g.public_id, g.title_fi, t.name_fi, a.name_fi, g.indicator_fi, g.target_fi,
       m.public_id, m.title_fi, coalesce(nullif(o.short_fi, ''), o.name_fi), p.title_fi, m.starts_on, m.ends_on,
       m.decision, m.progress,
       ARRAY(SELECT coalesce(nullif(po.short_fi, ''), po.name_fi)
             FROM negotiations_measurepartner mp JOIN organizations_organization po ON po.id = mp.organization_id
             WHERE mp.measure_id = m.id ORDER BY mp.id)
FROM negotiations_negotiation n
JOIN negotiations_measure m ON m.negotiation_id = n.id AND m.shared_at IS NOT NULL AND m.deleted_at IS NULL
JOIN negotiations_goal g ON g.id = m.goal_id
JOIN organizations_theme t ON t.code = g.theme_id
JOIN organizations_agegroup a ON a.code = g.age_group_id
LEFT JOIN organizations_organization o ON o.id = m.owner_id
LEFT JOIN organizations_post p ON p.id = m.owner_post_id
WHERE n.public_id = %s
ORDER BY g.position, g.id, m.position, m.id
