"""Handling between cities 跨区通办 (国办发〔2020〕35号): a request received in one city is decided in another, and somebody answers for it at every instant.

Terms: 全程网办 ``online``, 异地代收代办 ``proxy`` (收受分离: one receives, the other decides by its own law), 多地联办 ``joint`` (parts in several cities,
one lead); 通办城市 partner, 通办清单 the items that a city has opened, 签收 receipt, 退回 return.

The way of a request::

    sending.receive_for → our own case (items crossregion.*), a Crossing, "handover" in the outbox, all in one transaction
    outbox.deliver (leased job, days of retrying) ⇄ pages/exchange → inbox.take: once, in order, the same answer again
    there: arriving.take_in fetches by digest what is not there, files the case of the opened item, says "receipt"
    here: following.received lets the other city's office answer from that very moment; stations, supplements
    there: the case ends, "decision"; here: our office answers again, delivers, says "delivery"; refused or returned: a person goes on

Rooms: ``protocol/`` (pure: messages, machine), ``signing`` (RFC 9421), ``keys``, ``transport``, ``models/``, ``actions/``, ``queries/``, ``pages/``,
``hooks`` (our part in cases of any zone), ``peer`` (a city in this process, for samples and tests), ``twin`` (a second instance). docs/crossregion.md.
"""
