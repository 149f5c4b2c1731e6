SELECT * FROM holder
TABLE policy
TABLE holder ORDER BY id DESC LIMIT 2
VALUES (1, (SELECT name FROM holder WHERE id = 1)), (2, 'x')
SELECT DISTINCT ON (holder_id) holder_id, number FROM policy ORDER BY holder_id, number DESC
SELECT DISTINCT ON (length(name)) name FROM holder ORDER BY length(name), id
SELECT status, count(*) FROM policy GROUP BY ROLLUP (status)
SELECT holder_id, status, count(*) FROM policy GROUP BY CUBE (holder_id, status)
SELECT holder_id, max(number) FROM policy GROUP BY GROUPING SETS ((holder_id), ())
SELECT grouping(status), status FROM policy GROUP BY ROLLUP (status)
SELECT name, lag(name) OVER (ORDER BY id) FROM holder
SELECT name, first_value(email) OVER (ORDER BY id ROWS BETWEEN 1 PRECEDING AND 1 FOLLOWING) FROM holder
SELECT id, ntile(2) OVER (ORDER BY name) FROM holder
SELECT id, rank() OVER w, dense_rank() OVER w FROM holder WINDOW w AS (ORDER BY email)
SELECT id, count(*) FILTER (WHERE status > 'm') OVER (PARTITION BY holder_id) FROM policy
SELECT id, string_agg(status, ',') OVER (ORDER BY id) FROM policy
SELECT name FROM holder ORDER BY id FETCH FIRST 2 ROWS ONLY
SELECT name FROM holder ORDER BY length(name) FETCH FIRST 1 ROW WITH TIES
SELECT name FROM holder ORDER BY email OFFSET 1 ROWS FETCH NEXT ROW ONLY
WITH RECURSIVE t(n) AS (VALUES (1) UNION ALL SELECT n + 1 FROM t WHERE n < 4) SELECT h.name FROM t JOIN holder h ON h.id = n
WITH RECURSIVE t(id, name) AS (SELECT id, name FROM holder WHERE id = 1 UNION ALL SELECT h.id, h.name FROM holder h JOIN t ON h.id = t.id + 1) SELECT name FROM t
WITH RECURSIVE t(n, s) AS (SELECT 1, (SELECT email FROM holder WHERE id = 1) UNION ALL SELECT n + 1, substr(s, 2) FROM t WHERE n < 4) SELECT substr(s, 1, 1) FROM t
WITH a AS MATERIALIZED (SELECT * FROM holder), b AS (SELECT * FROM a WHERE id > 1) SELECT email FROM b
WITH a AS NOT MATERIALIZED (SELECT name AS n FROM holder) SELECT x.n FROM a x, a y WHERE x.n < y.n
SELECT h.name, p.number FROM holder h LEFT JOIN LATERAL (SELECT number FROM policy WHERE holder_id = h.id ORDER BY number LIMIT 1) p ON true
SELECT name, n FROM holder, generate_series(1, 2) AS n
SELECT name, ch FROM holder, LATERAL regexp_split_to_table(name, '') WITH ORDINALITY AS t(ch, place) WHERE place < 3
SELECT u FROM holder, unnest(ARRAY[name, email]) AS u
SELECT unnest(ARRAY[name, email]) FROM holder
SELECT * FROM holder NATURAL JOIN policy
SELECT h.name FROM holder h JOIN policy p USING (id)
SELECT * FROM (holder h JOIN policy p ON p.holder_id = h.id) AS j (a, b, c, d, e, f, g)
SELECT j.id FROM (holder JOIN policy USING (id)) AS j
SELECT name FROM holder h WHERE EXISTS (SELECT FROM policy p WHERE p.holder_id = h.id AND p.status LIKE 'o%')
SELECT name FROM holder WHERE id = ANY (SELECT holder_id FROM policy)
SELECT name FROM holder WHERE id = ANY ('{1,3}'::bigint[])
SELECT name FROM holder WHERE (id, name) > (1, 'm')
SELECT name FROM holder WHERE (id, name) IN (SELECT id, name FROM holder WHERE email > 'k')
SELECT name FROM holder WHERE ROW(id, email) IS DISTINCT FROM ROW(1, 'q1@e1')
SELECT name FROM holder WHERE name ~ '^[k-s]'
SELECT name FROM holder WHERE name SIMILAR TO '(kato|abe)%'
SELECT name FROM holder WHERE starts_with(email, 'q')
SELECT name FROM holder WHERE position('t' in name) > 0
SELECT (h).email FROM holder h
SELECT h FROM holder h
SELECT (SELECT h FROM holder h WHERE id = 2)::text
SELECT to_jsonb(h) FROM holder h
SELECT json_build_object('n', name, 'e', email) FROM holder
SELECT jsonb_object_agg(id, email) FROM holder
SELECT json_agg(h ORDER BY id) FROM holder h WHERE id < 3
SELECT row_to_json(t) FROM (SELECT name, (SELECT count(*) FROM policy WHERE holder_id = h.id) FROM holder h) t
SELECT jsonb_path_query(to_jsonb(h), '$.name') FROM holder h
SELECT to_jsonb(h) ->> 'email' FROM holder h
SELECT mode() WITHIN GROUP (ORDER BY name) FROM holder
SELECT percentile_disc(0.5) WITHIN GROUP (ORDER BY email) FROM holder
SELECT array_agg(name ORDER BY email DESC) FROM holder
SELECT (array_agg(name ORDER BY id))[2] FROM holder
SELECT array_to_string(ARRAY(SELECT email FROM holder ORDER BY id), ';')
SELECT bool_or(name > 'k'), bool_and(name > 'a') FROM holder
SELECT min(name), max(email) FROM holder HAVING count(*) > 2
SELECT 1 FROM holder HAVING max(name) > 'n'
SELECT name FROM holder EXCEPT SELECT title FROM clinic
SELECT name FROM holder INTERSECT SELECT name FROM everyone
(SELECT name FROM holder ORDER BY id LIMIT 1) UNION ALL (SELECT title FROM clinic ORDER BY id LIMIT 1)
SELECT name FROM holder UNION SELECT title FROM ONLY clinic
SELECT title FROM clinic*
SELECT title FROM ONLY clinic
SELECT tableoid::regclass, note FROM visit
SELECT note FROM visit_new
SELECT v.note, p.number FROM visit v RIGHT JOIN policy p ON p.id = v.policy_id
SELECT COALESCE(p.number, h.name) FROM holder h FULL JOIN policy p ON p.holder_id = h.id
SELECT CASE id WHEN 1 THEN name WHEN 2 THEN email END FROM holder
SELECT GREATEST(name, email), LEAST(name, email) FROM holder
SELECT NULLIF(name, 'kato~n1') FROM holder
SELECT name COLLATE "C" FROM holder ORDER BY 1
SELECT overlay(name placing '##' from 2 for 3), reverse(email), repeat(name, 2) FROM holder
SELECT format('%s <%s>', name, email) FROM holder WHERE id BETWEEN 2 AND 3
SELECT encode(convert_to(name, 'UTF8'), 'hex') FROM holder
SELECT md5(name || email) FROM holder
SELECT ascii(name), chr(ascii(email)) FROM holder
SELECT split_part(email, '@', 2) FROM holder
SELECT name::char(2), email::varchar FROM holder
SELECT CAST(name AS integer) FROM holder WHERE id = 3
SELECT 1 / (length(name) - 7) FROM holder
SELECT (SELECT name FROM holder)
SELECT query_to_xml('SELECT name FROM holder', true, false, '')
SELECT count(DISTINCT status), count(*) FROM policy
SELECT sum(length(name)) OVER () FROM holder
SELECT id FROM (SELECT id, max(note) OVER () AS most, note FROM visit ORDER BY id LIMIT 1) q WHERE most > 'k'
SELECT name FROM holder TABLESAMPLE BERNOULLI (100)
SELECT name FROM holder FOR UPDATE
SELECT ctid, name FROM holder
SELECT c.number FROM contract c WHERE c.name = 'kato~n1'
SELECT m.initial FROM masked m JOIN latest l USING (id)
SELECT everyone.* FROM everyone ORDER BY id DESC LIMIT 1
COPY (SELECT h.email FROM holder h WHERE h.id IN (SELECT holder_id FROM policy WHERE status ~ 'e')) TO STDOUT
COPY policy (number) TO STDOUT WITH (FORMAT csv, HEADER)
COPY visit_old TO STDOUT
