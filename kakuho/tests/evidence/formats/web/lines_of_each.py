"""A few lines of each format, made up."""

# ruff: noqa: E501 - lines of logs and configurations

from __future__ import annotations

CARRIERS = {"syslog"}
"""Formats that carry the lines of others: they recognise them too, but less surely."""

LINES: dict[str, list[str]] = {
    "access_log": [
        '10.0.0.7 - tanaka [19/Mar/2025:09:00:01 +0900] "GET /a/?q=%E3%81%82 HTTP/1.1" 200 512 "http://h/" "UA 1" 1234',
        'www.example.jp:443 203.0.113.9 - - [19/Mar/2025:09:00:01 +0900] "POST /a HTTP/2.0" 302 - "-" "UA"',
        '198.51.100.1, 10.0.0.2 - - [19/Mar/2025:09:00:01 +0900] "GET / HTTP/1.1" 200 1 "-" "UA" "203.0.113.9" 0.005 [x]',
        r'2001:db8::1 - - [19/Mar/2025:09:00:01 +0900] "\x16\x03\x01" 400 157 "-" "-"',
    ],
    "json_access_log": [
        '{"time":"2025-03-19T09:00:01+09:00","remote_addr":"10.0.0.7","request":"GET /a?b=c HTTP/1.1","status":200,'
        '"body_bytes_sent":512,"request_time":0.005,"http_user_agent":"UA \\"1\\"","upstream_addr":"10.0.0.9:80"}',
        '{"ts":1742342401.5,"request":{"remote_ip":"10.0.0.7","remote_port":"53574","proto":"HTTP/2.0","method":"GET",'
        '"host":"h","uri":"/?a","headers":{"User-Agent":["UA"]}},"duration":0.0032,"size":12,"status":200}',
        '{"ClientAddr":"10.0.0.7:4711","ClientHost":"10.0.0.7","RequestMethod":"GET","RequestPath":"/a?b",'
        '"RequestProtocol":"HTTP/1.1","RequestHost":"h","DownstreamStatus":404,"DownstreamContentSize":19,'
        '"Duration":1500000,"StartUTC":"2025-03-19T00:00:01.123456789Z"}',
    ],
    "w3c_log": [
        "#Fields: date time s-ip cs-method cs-uri-stem cs-uri-query s-port cs-username c-ip cs(User-Agent) cs(Referer)"
        " sc-status sc-substatus sc-win32-status time-taken",
        "2025-03-19 00:00:01 10.0.0.1 GET /a q=1+2 443 CORP\\tanaka 10.0.0.7 Mozilla/5.0+(X) - 200 0 0 123",
    ],
    "httperr_log": [
        "#Fields: date time c-ip c-port s-ip s-port cs-version cs-method cs-uri sc-status s-siteid s-reason s-queuename",
        "2025-03-19 00:00:01 10.0.0.7 2094 10.0.0.1 80 HTTP/1.1 GET /a?b 400 - Hostname -",
    ],
    "iis_log": ["10.0.0.7, -, 3/19/2025, 9:00:01, W3SVC1, WEB1, 10.0.0.1, 15, 480, 910, 200, 0, GET, /a, b=c,"],
    "haproxy_log": [
        "Mar 19 09:00:01 lb haproxy[14389]: 10.0.0.7:33317 [19/Mar/2025:09:00:01.655] http-in static/srv1"
        ' 10/0/30/69/109 200 2750 - - ---- 1/1/1/1/0 0/0 {h} {} "GET /a?b HTTP/1.1"',
        "Mar 19 09:00:01 lb haproxy[25457]: 10.0.0.7:40962 [19/Mar/2025:09:00:01.285] main app/<NOSRV> -1/-1/1 212 SC"
        " 1/1/0/0/0 0/0",
        "Mar 19 09:00:01 lb haproxy[6103]: 10.0.0.7:56059 [19/Mar/2025:09:00:01.380] frt/f1: Connection error during SSL"
        " handshake",
        "Mar 19 09:00:01 lb haproxy[24551]: Connect from 10.0.0.7:40780 to 10.0.0.1:5000 (main/HTTP)",
    ],
    "aws_elb_log": [
        "https 2025-03-19T00:00:01.186641Z app/lb/0a1b2c3d4e5f6071 10.0.0.7:2817 10.0.0.1:80 0.001 0.002 0.003 200 200 34"
        ' 366 "GET https://www.example.jp:443/a?b=c HTTP/2.0" "UA" TLS_A TLSv1.3 arn:x "Root=1" "h" "arn:c" 0'
        ' 2025-03-19T00:00:01.180000Z "forward" "-" "-" "10.0.0.1:80" "200" "-" "-"',
        "2025-03-19T00:00:01.186641Z lb 10.0.0.7:2817 - -1 -1 -1 503 0 0 0"
        ' "GET http://www.example.jp:80/ HTTP/1.1" "UA" - -',
    ],
    "modsecurity_audit_log": [
        "--7d0c19ab-A--\n[19/Mar/2025:09:00:01 +0900] aZk3Xw8AAQEAAB2cY5UAAAAB 10.0.0.7 50443 10.0.0.1 80\n"
        "--7d0c19ab-B--\nPOST /login?a=b HTTP/1.1\nHost: h\nUser-Agent: UA\nContent-Length: 20\n\n"
        "--7d0c19ab-C--\nuser=' or 1=1--&p=あ\n\n--deadbeef-A--\n\n"
        "--7d0c19ab-F--\nHTTP/1.1 403 Forbidden\nContent-Length: 222\n\n"
        '--7d0c19ab-H--\nMessage: Access denied with code 403 (phase 2). [file "/x"] [id "942100"] [msg "SQLi"]'
        ' [severity "CRITICAL"] [tag "attack-sqli"]\nAction: Intercepted (phase 2)\n'
        "Stopwatch: 1742342401123456 578 (- - -)\n\n--7d0c19ab-Z--\n",
    ],
    "modsecurity_json_log": [
        '{"transaction":{"client_ip":"10.0.0.7","time_stamp":"Wed Mar 19 09:00:01 2025","client_port":44001,'
        '"host_ip":"10.0.0.1","host_port":443,"unique_id":"1","request":{"method":"POST","http_version":1.1,"uri":"/a?b",'
        '"body":"x=1","headers":{"Host":"h"}},"response":{"http_code":403,"headers":{"Content-Length":"9"}},'
        '"messages":[{"message":"SQLi","details":{"ruleId":"942100","match":"m","severity":"2"}}]}}',
        '{"transaction":{"time":"19/Mar/2025:09:00:01 +0900","transaction_id":"1","remote_address":"10.0.0.7",'
        '"remote_port":44002,"local_address":"10.0.0.1","local_port":80},"request":{"request_line":"GET /a HTTP/1.1",'
        '"headers":{"User-Agent":"UA"}},"response":{"status":403},"audit_data":{"messages":["Warning. [id \\"913100\\"]"]}}',
    ],
    "apache_error_log": [
        "[Wed Mar 19 09:00:01.204518 2025] [include:warn] [pid 2203:tid 7] [client 10.0.0.7:51022] AH01374: it, referer: http://h/",
        "[Wed Mar 19 09:00:01 2025] [error] [client 10.0.0.7] File does not exist: /var/www/全角.ico",
    ],
    "nginx_error_log": [
        '2025/03/19 09:00:01 [error] 8817#7: *1 open() "/x" failed (2: No such file or directory), client: 10.0.0.7, server:'
        ' localhost, request: "GET /x HTTP/1.1", host: "h:8080", referrer: "http://h/"',
        "2025/03/19 09:00:01 [notice] 8817#8817: signal process started",
    ],
}
