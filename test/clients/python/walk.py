"""python-consul against our agent, from one end of its API to the other. Takes `host port`; says `ok` when all is well."""

import json
import sys
import threading

import consul
from consul.base import CB

c = consul.Consul(host=sys.argv[1], port=int(sys.argv[2]))


def names(rows, field):
    return [row[field] for row in rows]


def status():
    assert ":" in c.status.leader()
    assert c.status.peers() == [c.status.leader()]
    assert c.agent.self()["Config"]["Datacenter"] == "dc1"


def catalog_and_health():
    assert c.catalog.register(
        "py-vm",
        "127.0.0.31",
        service={"Service": "py", "Tags": ["v1", "blue"], "Port": 9000},
        check={"CheckID": "py-alive", "Name": "alive", "ServiceID": "py", "Status": "passing"},
    )
    assert c.catalog.datacenters() == ["dc1"]
    assert "py-vm" in names(c.catalog.nodes()[1], "Node")
    assert c.catalog.nodes(near="py-vm")[1]
    assert sorted(c.catalog.services()[1]["py"]) == ["blue", "v1"]
    assert names(c.catalog.service("py", tag="blue")[1], "ServicePort") == [9000]
    assert c.catalog.service("py", tag="green")[1] == []
    assert list(c.catalog.node("py-vm")[1]["Services"]) == ["py"]
    assert c.catalog.node("nobody")[1] is None
    assert names([item["Service"] for item in c.health.service("py", passing=True)[1]], "ID") == ["py"]
    assert names(c.health.checks("py")[1], "CheckID") == ["py-alive"]
    assert "py-alive" in names(c.health.state("passing")[1], "CheckID")
    assert names(c.health.node("py-vm")[1], "CheckID") == ["py-alive"]
    assert c.catalog.deregister("py-vm")
    assert c.catalog.service("py")[1] == []


def agent():
    # It is older than Consul 1.0, which refuses the GETs that it changes things with: so do we.
    put = lambda path, **params: c.http.put(CB.bool(), "/v1/agent/" + path, params=params)
    assert c.agent.service.register("shop", service_id="shop-1", port=8081, tags=["v1"], check=consul.Check.ttl("60s"))
    assert c.agent.services()["shop-1"]["Port"] == 8081
    assert names(c.health.state("critical")[1], "CheckID") == ["service:shop-1"]
    assert c.agent.check.ttl_pass("service:shop-1") is False
    assert put("check/pass/service:shop-1", note="well")
    assert c.agent.checks()["service:shop-1"]["Output"] == "well"
    assert len(c.health.service("shop", passing=True)[1]) == 1
    assert c.agent.check.register("disk", check=consul.Check.ttl("60s"), service_id="shop-1", check_id="disk")
    assert put("check/warn/disk")
    assert c.health.service("shop", passing=True)[1] == []
    assert c.agent.maintenance(True, "painting")
    assert "_node_maintenance" in c.agent.checks()
    assert c.agent.maintenance(False)
    assert put("check/deregister/disk")
    assert put("service/deregister/shop-1")
    assert c.agent.services() == {}
    assert names(c.agent.members(), "Name") == ["local"]


def keys():
    assert c.kv.get("py/none")[1] is None
    assert c.kv.put("py/a", "one", flags=3)
    assert c.kv.put("py/b", b"\x00\xff")
    index, pair = c.kv.get("py/a")
    assert (pair["Value"], pair["Flags"], int(index)) == (b"one", 3, pair["ModifyIndex"])
    assert c.kv.get("py/b")[1]["Value"] == b"\x00\xff"
    assert c.kv.get("py/", keys=True)[1] == ["py/a", "py/b"]
    assert names(c.kv.get("py/", recurse=True)[1], "Key") == ["py/a", "py/b"]
    assert c.kv.put("py/a", "lost", cas=0) is False
    assert c.kv.put("py/a", "two", cas=pair["ModifyIndex"]) is True
    assert c.kv.put("py/empty", None)
    assert c.kv.get("py/empty")[1]["Value"] is None
    assert c.kv.delete("py/a", cas=1) is False
    assert c.kv.delete("py/", recurse=True)
    assert c.kv.get("py/", recurse=True)[1] is None


def locks():
    first = c.session.create(name="first", lock_delay=0, ttl=15)
    second = c.session.create(name="second", lock_delay=1, behavior="delete")
    assert c.session.info(first)[1]["TTL"] == "15s"
    assert c.session.info(second)[1]["LockDelay"] == 1000000000
    assert c.session.renew(first)["ID"] == first
    assert sorted(names(c.session.list()[1], "ID")) == sorted([first, second])
    assert c.kv.put("py/lock", "1", acquire=first) is True
    assert c.kv.put("py/lock", "2", acquire=second) is False
    assert c.kv.get("py/lock")[1]["Session"] == first
    assert c.session.destroy(first)
    assert c.kv.put("py/lock", "2", acquire=second) is True
    assert c.session.destroy(second)
    assert c.kv.get("py/lock")[1] is None
    assert c.session.list()[1] == []


def watch():
    c.kv.put("py/watched", "1")
    index, _ = c.kv.get("py/watched")
    seen = []
    waiting = threading.Thread(target=lambda: seen.append(c.kv.get("py/watched", index=index, wait="60s")[1]["Value"]))
    waiting.start()
    c.kv.put("py/unrelated", "x")
    c.kv.put("py/watched", "2")
    waiting.join(30)
    assert seen == [b"2"], seen
    index, _ = c.kv.get("py/watched")
    assert int(c.kv.get("py/watched", index=index, wait="10ms")[0]) == int(index)


def events_and_queries():
    assert c.event.fire("py-deploy", "v2")
    assert names(c.event.list("py-deploy")[1], "Payload")
    query = c.query.create("nobody", name="py-query", ttl="5s")["ID"]
    assert c.query.get(query)[0]["DNS"]["TTL"] == "5s"
    assert c.query.execute("py-query")["Nodes"] == []
    assert c.query.explain("py-query")["Query"]["ID"] == query
    assert c.query.delete(query)
    assert c.query.list() == []
    assert c.coordinate.nodes()[1][0]["Coord"]["Error"] == 1.5


def entries_and_intentions():
    """It has no methods for them: over its transport."""
    put = lambda path, body: c.http.put(CB.json(), path, data=json.dumps(body))
    assert put("/v1/config", {"Kind": "service-defaults", "Name": "py", "Protocol": "http"}) is True
    assert c.http.get(CB.json(), "/v1/config/service-defaults/py")["Protocol"] == "http"
    c.http.put(CB.bool(), "/v1/connect/intentions/exact", params={"source": "web", "destination": "py"}, data='{"Action":"deny"}')
    check = c.http.get(CB.json(), "/v1/connect/intentions/check", params={"source": "web", "destination": "py"})
    assert check == {"Allowed": False}
    assert c.http.delete(CB.bool(), "/v1/connect/intentions/exact", params={"source": "web", "destination": "py"})
    assert c.http.delete(CB.bool(), "/v1/config/service-defaults/py")
    assert c.http.get(CB.json(), "/v1/config/service-defaults") == []


for step in (status, catalog_and_health, agent, keys, locks, watch, events_and_queries, entries_and_intentions):
    step()
print("ok")
