"""Cross-region handling 跨区通办: asked for in one city, decided in another.

Terms: 全程网办 wholly online (``online``), 异地代收代办 received elsewhere on behalf (``proxy``), 多地联办 handled jointly (``joint``);
收件地 where it is received, 业务属地 where it is decided; 转出 sent, 转入 received.

The way of a handover:

1. A request is handed over (``handover``): sent to another city, or received from one, in one of the three modes.
2. It is closed once (``closing``): done, refused by the deciding side, or returned because it was not theirs; with the days it took.
3. The deciding side keeps the responsibility for the decision, the receiving side for the hand-over: 收受分离.

Norms: 国办发〔2020〕35号 (the three modes; 收受分离). Other cities are known by their GB/T 2260 codes. No applicant is named.
"""
