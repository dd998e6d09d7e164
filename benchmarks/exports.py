"""Synthetic exports, the same for the same number of rows: a shop's orders as CSV or landed, GA4's JSON lines.

Of 10,000 rows of CSV about 20 break the contract in six ways, 100 are there twice and 100 come again, changed.
"""

from __future__ import annotations

import json
from pathlib import Path

import duckdb

HEADER = (
    "id,created_at,updated_at,financial_status,currency,email,customer_id,product_id,title,quantity,price,discount,tax,"
    "shipping,country,city,gateway,sales_channel,landing_page,referrer,utm_source,utm_medium,utm_campaign,device,test,"
    "checkout_version,basket_note"
)
CHANGED, REPEATED = 100, 100
BROKEN = (3001, 4003, 2003, 5003, 7001, 6007)

# How every so manieth row breaks: no key, no number, an unknown status, no day, too few values, a price below 0.
_RAW = f"""
create table raw as
with numbers as (
    select n, case when n % {REPEATED} = 1 and n > 1 then n - 1 else n end as alike,
        n % {CHANGED} = 3 and n > 1000 as is_changed
    from range($rows) as r(n)
),
seeded as (
    select *, case when is_changed then alike - 1000 else alike end as o,
        cast(hash(o * 31 + 7) >> 1 as bigint) as h, cast(hash(o * 17 + 3) >> 1 as bigint) as g
    from numbers
),
timed as (
    select *, (h // 64) % ($rows // 4 + 1) as who,
        timestamp '2025-01-01' + to_seconds(cast(o * (31000000.0 / $rows) as bigint)) as made,
        made + to_seconds(60 + cast(h % 86400 as bigint) + if(is_changed, 864000, 0)) as changed
    from seeded
)
select n, n % {BROKEN[4]} = 5 as is_short,
    if(n % {BROKEN[0]} = 5, '', (5600000000000 + o)::varchar) as id,
    if(n % {BROKEN[3]} = 5, '2025-13-01', strftime(made, '%Y-%m-%dT%H:%M:%S+08:00')) as created_at,
    strftime(changed, '%Y-%m-%dT%H:%M:%SZ') as updated_at,
    if(n % {BROKEN[2]} = 5, 'lost', ['paid', 'paid', 'paid', 'refunded', 'pending'][1 + h % 5]) as financial_status,
    ['CNY', 'EUR', 'USD'][1 + g % 3] as currency,
    ['li', 'wang', 'anna', 'rosa', 'yang', 'tom'][1 + who % 6] || '.' || who::varchar
        || '@' || ['mail.example', 'inbox.example', 'post.example'][1 + who % 3] as email,
    (7000000000 + who)::varchar as customer_id,
    (820000 + g % 400)::varchar as product_id,
    ['龙井 West Lake Longjing', 'Jin Jun Mei', '"Tea tray, bamboo"', 'Lapsang', '正山小种'][1 + g % 5] as title,
    (1 + g % 4)::varchar as quantity,
    case when n % {BROKEN[1]} = 5 then 'n/a' when n % {BROKEN[5]} = 5 then '-1.00' else
        printf('%d.%02d', 20 + g % 500, h % 100) end as price,
    printf('%d.%02d', g % 9, h % 100) as discount, printf('%d.%02d', g % 50, h % 100) as tax,
    ['0.00', '12.00', '9.50'][1 + h % 3] as shipping,
    ['CN', 'DE', 'FR', 'HK', 'US'][1 + h % 5] as country,
    ['Shanghai', 'Berlin', 'Lyon', 'Hong Kong', 'Austin', ''][1 + h % 6] as city,
    ['alipay', 'wechat_pay', 'shopify_payments', 'paypal'][1 + g % 4] as gateway,
    ['web', 'app', 'mini_program'][1 + g % 3] as sales_channel,
    'https://www.yunwutea.example/products/tea-' || g % 400 || '?ref=' || h % 1000 as landing_page,
    ['https://www.google.com/', 'https://www.baidu.com/s?wd=tea', ''][1 + (h // 3) % 3] as referrer,
    ['google', 'baidu', 'newsletter', ''][1 + (h // 5) % 4] as utm_source,
    ['cpc', 'organic', 'email', ''][1 + (h // 5) % 4] as utm_medium,
    ['', '', 'spring_2025', 'tea_day'][1 + g % 4] as utm_campaign,
    ['mobile', 'desktop', 'tablet'][1 + h % 3] as device,
    if(h % 500 = 0, 'true', 'false') as test,
    '2025.' || g % 12 as checkout_version,
    ['', '', '', 'gift', 'leave at the door'][1 + h % 5] as basket_note
from timed
"""
_LINES = """
copy (
    select if(is_short, concat_ws(',', id, created_at, updated_at), concat_ws(',', {columns})) as "{header}"
    from raw order by n
) to '{path}' (format csv, header true, quote '', escape '', delimiter '\x01')
"""
_EVENTS = """
copy (
    select strftime(timestamp '2025-01-01' + to_seconds(n % 86400), '%Y%m%d') as event_date,
        1735689600000000 + n * 37000 as event_timestamp,
        ['page_view', 'view_item', 'scroll', 'add_to_cart', 'user_engagement'][1 + n % 5] as event_name,
        [{{key: 'page_location',
            value: {{string_value: 'https://www.yunwutea.example/products/tea-' || hash(n) % 400}}}},
         {{key: 'page_title', value: {{string_value: ['龙井 West Lake Longjing', 'Lapsang'][1 + n % 2]}}}},
         {{key: 'source', value: {{string_value: ['google', 'baidu'][1 + n % 2]}}}}] as event_params,
        (100000000 + hash(n // 8) % 900000000)::varchar || '.17' || n // 8 as user_pseudo_id,
        if(n % 10 = 0, 'u' || n // 8, null) as user_id,
        {{category: ['mobile', 'desktop'][1 + n % 2], operating_system: 'Android', language: 'zh-cn',
            browser: 'Chrome'}} as device,
        {{country: 'China', region: 'Shanghai', city: 'Shanghai'}} as geo,
        {{manual_source: 'google', manual_medium: 'cpc', manual_campaign_name: 'spring'}} as collected_traffic_source
    from range({rows}) as r(n) order by n
) to '{path}' (format json)
"""


EARLIER = 100_000
_ROWS = """
copy (
    select 'O' || n as order_id, ['paid', 'refunded'][1 + n % 2] as financial_status,
        ['CNY', 'EUR', 'USD'][1 + n % 3] as currency, md5(cast(n % 1000000 as varchar)) as email_hash,
        timestamp '2025-01-01' + to_seconds(n) as created_at, timestamp '2025-01-02' + to_seconds(n) as updated_at,
        cast(1 + n % 4 as bigint) as quantity, cast(n % 50000 / 100 as decimal(38, 6)) as price,
        cast(n % 900 / 100 as decimal(38, 6)) as discount, cast(n % 5000 / 100 as decimal(38, 6)) as tax,
        cast(9.5 as decimal(38, 6)) as shipping, 'bench' as _source_name, {batch}::bigint as _batch,
        timestamp '2026-01-01' as _landed_at, 'orders.csv' as _file, n as _row, null::varchar as _time_flags
    from range({first}, {last}) as r(n)
) to '{path}' (format parquet, compression zstd)
"""


def orders(folder: Path, rows: int) -> Path:
    """A folder with `orders.csv` and `truth.parquet`, the rows (by number from 1) that break their contract."""
    made = folder / f"orders-{rows}"
    if (made / "truth.parquet").exists():
        return made
    made.mkdir(parents=True, exist_ok=True)
    columns = ", ".join(f'"{name}"' for name in HEADER.split(","))
    with duckdb.connect() as con:
        con.execute("set enable_progress_bar = false")
        con.execute(_RAW, {"rows": rows})
        con.execute(_LINES.format(columns=columns, header=HEADER, path=made / "orders.csv"))
        is_broken = " or ".join(f"n % {each} = 5" for each in BROKEN)
        con.execute(
            f"copy (select n + 1 as \"row\" from raw where {is_broken}) to '{made / 'truth.parquet'}' (format parquet)"
        )
    return made


def events(folder: Path, rows: int) -> Path:
    """A folder with `events.jsonl`, in the shape of GA4's export to BigQuery."""
    made = folder / f"events-{rows}"
    path = made / "events.jsonl"
    if not path.exists():
        made.mkdir(parents=True, exist_ok=True)
        temporary = made / "events.tmp"
        with duckdb.connect() as con:
            con.execute("set enable_progress_bar = false")
            con.execute(_EVENTS.format(rows=rows, path=temporary))
        temporary.rename(path)
    return made


def landed(folder: Path, rows: int) -> Path:
    """A folder with two landed batches: an earlier one of 100,000 orders and the newest of so many."""
    made = folder / f"landed-{rows}"
    if not (made / "2.parquet").exists():
        made.mkdir(parents=True, exist_ok=True)
        with duckdb.connect() as con:
            for batch, (first, last) in enumerate(((0, EARLIER), (EARLIER, EARLIER + rows)), start=1):
                con.execute(_ROWS.format(batch=batch, first=first, last=last, path=made / f"{batch}.parquet"))
        (made / "rows.json").write_text(json.dumps({"1": EARLIER, "2": rows}))
    return made
