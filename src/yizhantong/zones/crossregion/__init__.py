"""Cross-region handling 跨区通办: asked for in one city, decided in another.

Terms: 全程网办 wholly online (``online``), 异地代收代办 received elsewhere on behalf (``proxy``), 多地联办 handled jointly (``joint``);
收件地 where it is received, 业务属地 where it is decided; 转出 sent, 转入 received.

The way of a handover::

    hand_over   a request is sent to another city, or received from one, in one of the three modes
    close       once, with the days it took: done, refused by the deciding side, or returned as not theirs

The deciding side keeps the responsibility for the decision, the receiving side for the hand-over (收受分离). Other cities are
known by their GB/T 2260 codes; no applicant is named.

Norms: 国办发〔2020〕35号 (the three modes; 收受分离).
"""
