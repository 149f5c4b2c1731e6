"""MySQL's and MariaDB's functions by what they can do; the lists of :mod:`kakuho.exposure.sql.functions` for them."""

from __future__ import annotations

HARMLESS = frozenset(
    """
    ascii bin bit_length char char_length character_length concat concat_ws conv elt export_set field find_in_set
    format from_base64 hex insert instr lcase left length locate lower lpad ltrim make_set mid oct octet_length ord
    position quote repeat replace reverse right rpad rtrim soundex space strcmp substr substring substring_index
    to_base64 trim ucase unhex upper weight_string regexp regexp_instr regexp_replace regexp_substr natural_sort_key
    abs acos asin atan atan2 ceil ceiling cos cot crc32 crc32c degrees exp floor ln log log10 log2 mod pi pow power
    radians round sign sin sqrt tan truncate greatest least coalesce if ifnull nullif nvl nvl2 isnull interval md5 sha
    sha1 sha2 password old_password compress uncompress uncompressed_length aes_encrypt aes_decrypt encode decode
    des_encrypt des_decrypt encrypt kdf random_bytes adddate addtime convert_tz curdate curtime current_date
    current_time current_timestamp date date_add date_format date_sub datediff day dayname dayofmonth dayofweek
    dayofyear extract from_days from_unixtime get_format hour last_day localtime localtimestamp makedate maketime
    microsecond minute month monthname now period_add period_diff quarter sec_to_time second str_to_date subdate
    subtime sysdate time time_format time_to_sec timediff timestamp timestampadd timestampdiff to_days to_seconds
    unix_timestamp utc_date utc_time utc_timestamp week weekday weekofyear year yearweek avg bit_and bit_or bit_xor
    count group_concat max min std stddev stddev_pop stddev_samp sum var_pop var_samp variance any_value json_arrayagg
    json_objectagg median percentile_cont percentile_disc row_number rank dense_rank percent_rank cume_dist ntile lag
    lead first_value last_value nth_value json_array json_array_append json_array_insert json_compact json_contains
    json_contains_path json_depth json_detailed json_exists json_extract json_insert json_keys json_length json_merge
    json_merge_patch json_merge_preserve json_object json_pretty json_query json_quote json_remove json_replace
    json_search json_set json_type json_unquote json_valid json_value extractvalue updatexml database schema user
    current_user session_user system_user current_role version connection_id last_insert_id found_rows row_count
    charset collation coercibility rand uuid uuid_short uuid_to_bin bin_to_uuid is_uuid sleep benchmark get_lock
    release_lock release_all_locks is_free_lock is_used_lock inet_aton inet_ntoa inet6_aton inet6_ntoa is_ipv4 is_ipv6
    values value default row cast convert match name_const gtid_subset geometrycollection point
    """.split()  # noqa: SIM905
)
"""They read nothing but their arguments. Not ``load_file``, ``nextval`` or anything that a database defines itself."""
UNSTEADY = frozenset(
    """
    rand random_bytes uuid uuid_short sleep benchmark now sysdate curdate curtime current_date current_time
    current_timestamp localtime localtimestamp utc_date utc_time utc_timestamp unix_timestamp database schema user
    current_user session_user system_user current_role version connection_id last_insert_id found_rows row_count
    get_lock release_lock release_all_locks is_free_lock is_used_lock convert_tz from_unixtime encrypt password
    collation charset coercibility repeat space lpad rpad export_set make_set default values value insert name_const
    json_objectagg weight_string
    """.split()  # noqa: SIM905
)
"""Another answer at another time, in another session or another version, or made to take long."""
COLLATED = frozenset(
    """
    hex md5 sha sha1 sha2 conv bin oct format date_format char to_base64 inet_ntoa dayname monthname sec_to_time
    time_format json_unquote json_value unhex from_base64 aes_decrypt uncompress decode quote
    """.split()  # noqa: SIM905
)
"""Texts that are compared by the collation of the connection, which no log tells, or byte by byte."""
