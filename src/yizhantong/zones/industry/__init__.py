"""Industry 工业互联网: identifiers that products carry, the nodes that answer for them, and enterprises in the cloud.

Terms: 标识 identifier ``88.xxx.yyy/suffix`` (88 China, xxx second-level node 二级节点, yyy enterprise node 企业节点), 前缀 prefix (the part
before the slash), 标识注册 registration, 标识解析 resolution (每日一笔 by prefix: how often, how often found, how long), 工业互联网平台
platform (a claim such as “国内首个” is kept with its evidence and is not a number), 企业上云 cloud adoption, 云服务券 voucher.

The way of an identifier::

    build_platform        a platform or second-level node enters the register
    admit_node            an enterprise node is given its prefix; ``close_node`` when no identifier of it stands
    register_identifier   an identifier below a prefix in use, each once; ``cancel_identifier`` takes it off
    count_resolutions     a day's resolutions of a prefix: asked, answered, milliseconds in all
    adopt_cloud           an enterprise takes a cloud service; a voucher is used once and pays at most its part

Norms: 《工业互联网标识管理办法》 (工信部信管〔2020〕204号, in force since 2021-06-01), 《推动企业上云实施指南(2018-2020年)》 (工信部信软〔2018〕135号);
the part that a voucher may pay is the city's own and stays 待核.
"""
