// SPDX-License-Identifier: Apache-2.0
// The control socket of our API layer, both ends, against what is not the protocol.
#include "headset.h"
#include "monado.h"

#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include <cstring>

using namespace accalmie;

namespace {

class RawSocket {
public:
    RawSocket() : fd_(socket(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0)) { REQUIRE(fd_ >= 0); }
    explicit RawSocket(int fd) : fd_(fd) { REQUIRE(fd_ >= 0); }
    RawSocket(const RawSocket&) = delete;
    RawSocket& operator=(const RawSocket&) = delete;
    ~RawSocket() { close(fd_); }
    int fd() const { return fd_; }
    void send(const std::string& packet) const { REQUIRE(::send(fd_, packet.data(), packet.size(), MSG_NOSIGNAL) == static_cast<ssize_t>(packet.size())); }

private:
    int fd_;
};

sockaddr_un address_of(const std::string& path) {
    sockaddr_un address{};
    address.sun_family = AF_UNIX;
    REQUIRE(path.size() < sizeof address.sun_path);
    std::memcpy(address.sun_path, path.data(), path.size());
    return address;
}

}  // namespace

TEST_CASE("garbled orders to the layer change nothing, and the next good one is obeyed", "[xr]") {
    test::Monado monado({.hands = false});
    test::ScratchFolder scratch;
    test::ScopedEnvironment environment;
    environment.set("XR_API_LAYER_PATH", test::layer_folder());
    environment.set("XR_ENABLE_API_LAYERS", xr::layer::kLayerName);
    environment.set(xr::layer::kSocketVariable, scratch.file("raw"));
    RawSocket listener;
    const auto address = address_of(scratch.file("raw"));
    REQUIRE(bind(listener.fd(), reinterpret_cast<const sockaddr*>(&address), sizeof address) == 0);
    REQUIRE(listen(listener.fd(), 1) == 0);

    auto headset = test::openxr_headset();
    RawSocket layer(accept(listener.fd(), nullptr, nullptr));
    REQUIRE(headset->step_frames(3));
    const std::string orders[] = {"aim", "aim 1 2 3", "aim nan 0 0 0 0 0 1", "aim 0 0 0 0 0 0 0", "aim 0 0 0 0 0 0 1 7", "select yes", "select", "joints", "joints right", "joints up off", "joints right 0 0 0 0 0 0 1 0.01", "joints right 0 0 0 0 0 0 1 inf 1",
                                  "stop 1 1", "stop  1", "fault nothing 1 0 0", "fault session_lost", "fault session_lost 1 0 0x", "query", "query one",
                                  " ", std::string(500, 'x'), std::string(3000, 'y'), std::string("stop\0", 5)};
    for (const auto& order : orders) layer.send(order);
    REQUIRE(headset->step_frames(5));
    CHECK(headset->status == xr::Status::running);
    CHECK_FALSE(headset->frame.input.select);
    CHECK_FALSE(headset->frame.input.stop);
    CHECK(headset->frame.input.aim_is_head);
    layer.send("stop 1");
    CHECK(headset->step_until([&] { return headset->frame.input.stop; }));
}

TEST_CASE("garbled answers of a layer are not taken for counters", "[layer]") {
    test::ScratchFolder scratch;
    auto client = xr::LayerClient::listen(scratch.file("layer"));
    REQUIRE(client);
    RawSocket layer;
    const auto address = address_of(scratch.file("layer"));
    REQUIRE(connect(layer.fd(), reinterpret_cast<const sockaddr*>(&address), sizeof address) == 0);
    for (const char* answer : {"counters", "counters 1", "counters 1 2 3", "counters 1 1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 16 17 18 19 20 21 22 x",
                               "counters 1 1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 16 17 18 19 20 21 22 23 24", "hello"})
        layer.send(answer);
    client->poll();
    CHECK(client->connected());
    CHECK_FALSE(client->counters());
    layer.send("counters 0 1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 16 17 18 19 20 21 22 23");
    client->poll();
    REQUIRE(client->counters());
    CHECK(client->counters()->frames_submitted == 4);
    CHECK(client->counters()->stop_read_frame == 9);
    CHECK(client->counters()->eye_z_um == 19);
    CHECK(xr::layer::to_fields(*client->counters()).back() == 23);
}

TEST_CASE("a layer that does not answer is said within the time given", "[layer]") {
    test::ScratchFolder scratch;
    auto client = xr::LayerClient::listen(scratch.file("layer"));
    REQUIRE(client);
    CHECK_FALSE(client->wait_for_layer(std::chrono::milliseconds(30)));
    RawSocket layer;
    const auto address = address_of(scratch.file("layer"));
    REQUIRE(connect(layer.fd(), reinterpret_cast<const sockaddr*>(&address), sizeof address) == 0);
    REQUIRE(client->wait_for_layer(std::chrono::seconds(1)));
    const auto before = std::chrono::steady_clock::now();
    auto answer = client->query(std::chrono::milliseconds(50));
    REQUIRE_FALSE(answer);
    CHECK(answer.error().message.contains("did not answer"));
    CHECK(std::chrono::steady_clock::now() - before < std::chrono::seconds(2));
}

TEST_CASE("a layer that connects later is told how the hands are", "[layer]") {
    test::ScratchFolder scratch;
    auto client = xr::LayerClient::listen(scratch.file("layer"));
    REQUIRE(client);
    client->set_stop(true);
    client->set_fault(xr::LayerFault::not_focused);
    for (const bool fault_is_told : {true, false}) {  // a fault goes to one layer only
        RawSocket layer;
        const auto address = address_of(scratch.file("layer"));
        REQUIRE(connect(layer.fd(), reinterpret_cast<const sockaddr*>(&address), sizeof address) == 0);
        client->poll();
        char packet[64];
        ssize_t length = recv(layer.fd(), packet, sizeof packet, MSG_DONTWAIT);
        CHECK(std::string(packet, static_cast<std::size_t>(std::max<ssize_t>(length, 0))) == "stop 1");
        length = recv(layer.fd(), packet, sizeof packet, MSG_DONTWAIT);
        CHECK((length > 0) == fault_is_told);
    }
}
