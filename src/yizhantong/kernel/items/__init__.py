"""Service items 政务服务事项: what can be asked of the city, in versions that a case pins.

Terms: 基本目录 catalogue entry (names of the nation and the province), 实施清单 item (one agency's implementation of an entry), 业务办理项 handling
item (what a case is filed against), 数据元 data element, 要件 material, 受理条件 condition.

The way of a version::

    actions.draft      a new version of a handling item, copied from the last one
    actions.save       its content, checked as a whole (``content.Content``); findings name field and place
    actions.submit     for publication, by the one who wrote it
    actions.publish    by somebody else (four eyes); from now on it cannot be changed, and new cases pin it
    actions.suspend    no new cases; running ones go on under the version they pinned

Norms: GB/T 39554.1-2020 (codes), GB/T 39046-2020, GB/T 39048-2020, exchange tables of the national platform; 行政许可法.
"""
