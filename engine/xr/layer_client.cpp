// SPDX-License-Identifier: Apache-2.0
#include "engine/xr/layer_client.h"

#include <poll.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#include <cerrno>
#include <cstdlib>
#include <cstring>
#include <format>

namespace accalmie::xr {
namespace {

using Clock = std::chrono::steady_clock;

constexpr const char* kSystemLayers = "/usr/share/openxr/1/api_layers/explicit.d";

std::string pose_line(std::string_view word, const std::optional<Pose>& pose) {
    if (!pose) return std::format("{} off", word);
    const auto& p = pose->position_m;
    const auto& q = pose->orientation;
    return std::format("{} {} {} {} {} {} {} {}", word, p.x, p.y, p.z, q.x, q.y, q.z, q.w);
}

std::string joints_line(std::size_t hand, const std::optional<layer::BareHand>& bare) {
    const std::string verb = std::format("joints {}", hand == 0 ? "left" : "right");
    if (!bare) return verb + " off";
    return std::format("{} {} {}", pose_line(verb, bare->stage_from_palm), bare->apart_m, bare->seen ? 1 : 0);
}

std::string button_line(std::string_view word, bool held) { return std::format("{} {}", word, held ? 1 : 0); }

}  // namespace

Result<LayerClient> LayerClient::listen(const std::string& socket_path) {
    const auto failed = [&](const char* call) {
        return std::unexpected(Error{.message = std::format("{} {}: {}", call, socket_path, std::strerror(errno)),
                                     .hint = "the simulated hands need a socket in a folder that can be written"});
    };
    sockaddr_un address{};
    address.sun_family = AF_UNIX;
    if (socket_path.size() >= sizeof address.sun_path)
        return std::unexpected(Error{.message = "the socket's path is too long: " + socket_path, .hint = "a Unix socket's path holds 107 characters"});
    std::memcpy(address.sun_path, socket_path.data(), socket_path.size());

    LayerClient client;
    client.listener_ = socket(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
    if (client.listener_ < 0) return failed("socket");
    unlink(socket_path.c_str());
    if (bind(client.listener_, reinterpret_cast<const sockaddr*>(&address), sizeof address) != 0) return failed("bind");
    client.path_ = socket_path;
    if (chmod(socket_path.c_str(), 0600) != 0) return failed("chmod");
    if (::listen(client.listener_, 4) != 0) return failed("listen");
    return client;
}

LayerClient::LayerClient(LayerClient&& other) noexcept { swap(other); }

LayerClient& LayerClient::operator=(LayerClient&& other) noexcept {
    LayerClient gone(std::move(*this));
    swap(other);
    return *this;
}

void LayerClient::swap(LayerClient& other) noexcept {
    std::swap(path_, other.path_);
    std::swap(listener_, other.listener_);
    std::swap(connection_, other.connection_);
    std::swap(outgoing_, other.outgoing_);
    std::swap(faults_for_next_, other.faults_for_next_);
    std::swap(aim_, other.aim_);
    std::swap(head_, other.head_);
    std::swap(gaze_, other.gaze_);
    std::swap(joints_, other.joints_);
    std::swap(select_, other.select_);
    std::swap(stop_, other.stop_);
    std::swap(asked_, other.asked_);
    std::swap(answered_, other.answered_);
    std::swap(counters_, other.counters_);
}

LayerClient::~LayerClient() {
    drop_layer();
    if (listener_ >= 0) close(listener_);
    if (!path_.empty()) unlink(path_.c_str());
}

std::vector<std::pair<std::string, std::string>> LayerClient::environment(const std::string& layer_folder) const {
    const auto present = [](const char* name) {
        const char* value = std::getenv(name);
        return std::string(value != nullptr ? value : "");
    };
    const std::string paths = present("XR_API_LAYER_PATH"), layers = present("XR_ENABLE_API_LAYERS");
    return {{layer::kSocketVariable, path_},
            // Naming a path hides the loader's own folder, where the system keeps core validation.
            {"XR_API_LAYER_PATH", layer_folder + ":" + (paths.empty() ? kSystemLayers : paths)},
            {"XR_ENABLE_API_LAYERS", layers.empty() ? layer::kLayerName : layers + ":" + layer::kLayerName}};
}

void LayerClient::set_aim(std::optional<Pose> stage_from_aim) {
    aim_ = stage_from_aim;
    send(pose_line("aim", aim_));
}

void LayerClient::set_head(std::optional<Pose> stage_from_head) {
    head_ = stage_from_head;
    send(pose_line("head", head_));
}

void LayerClient::set_gaze(std::optional<Pose> stage_from_gaze) {
    gaze_ = stage_from_gaze;
    send(pose_line("gaze", gaze_));
}

void LayerClient::set_joints(std::size_t hand, std::optional<layer::BareHand> bare) {
    joints_[hand] = bare;
    send(joints_line(hand, bare));
}

void LayerClient::set_select(bool held) {
    select_ = held;
    send(button_line("select", held));
}

void LayerClient::set_stop(bool held) {
    stop_ = held;
    send(button_line("stop", held));
}

void LayerClient::set_fault(LayerFault fault, bool on, std::chrono::milliseconds late, int frames) {
    const auto name = layer::kFaultNames[static_cast<std::size_t>(fault)];
    poll();
    (connected() ? outgoing_ : faults_for_next_).push_back(std::format("fault {} {} {} {}", name, on ? 1 : 0, late.count(), frames));
    flush();
}

void LayerClient::send(std::string line) {
    poll();
    if (!connected()) return;  // the state is given to the layer that connects
    outgoing_.push_back(std::move(line));
    flush();
}

void LayerClient::poll() {
    while (accept_layer()) {
    }
    receive();  // first, so that nothing is given to a layer that has gone
    flush();
}

// A newer layer takes the place of the older one, whose instance is gone or going.
bool LayerClient::accept_layer() {
    const int fd = accept4(listener_, nullptr, nullptr, SOCK_CLOEXEC | SOCK_NONBLOCK);
    if (fd < 0) return false;
    if (connected()) drop_layer();
    connection_ = fd;
    if (aim_) outgoing_.push_back(pose_line("aim", aim_));
    if (head_) outgoing_.push_back(pose_line("head", head_));
    if (gaze_) outgoing_.push_back(pose_line("gaze", gaze_));
    for (std::size_t hand = 0; hand < joints_.size(); ++hand)
        if (joints_[hand]) outgoing_.push_back(joints_line(hand, joints_[hand]));
    if (select_) outgoing_.push_back(button_line("select", *select_));
    if (stop_) outgoing_.push_back(button_line("stop", *stop_));
    outgoing_.insert(outgoing_.end(), faults_for_next_.begin(), faults_for_next_.end());
    faults_for_next_.clear();
    return true;
}

void LayerClient::drop_layer() {
    if (connection_ >= 0) close(connection_);
    connection_ = -1;
    outgoing_.clear();
    answered_ = asked_;
}

void LayerClient::flush() {
    while (connected() && !outgoing_.empty()) {
        const std::string& line = outgoing_.front();
        if (::send(connection_, line.data(), line.size(), MSG_NOSIGNAL) < 0) {
            if (errno != EAGAIN && errno != EINTR) drop_layer();
            return;
        }
        outgoing_.pop_front();
    }
}

void LayerClient::receive() {
    while (connected()) {
        char packet[layer::kMaximumPacketBytes];
        const ssize_t length = recv(connection_, packet, sizeof packet, 0);
        if (length < 0 && (errno == EAGAIN || errno == EINTR)) return;
        if (length <= 0) return drop_layer();
        const auto words = layer::split({packet, static_cast<std::size_t>(length)});
        if (words.size() < 2 || words[0] != "counters") continue;
        const auto id = layer::to_number<std::int64_t>(words[1]);
        const auto fields = layer::to_numbers<std::int64_t, layer::kCounterFields>(words, 2);
        if (!id || !fields) continue;
        answered_ = *id;
        counters_ = layer::from_fields(*fields);
    }
}

void LayerClient::wait_readable(std::chrono::milliseconds at_most) const {
    pollfd descriptors[2] = {{listener_, POLLIN, 0}, {connection_, POLLIN, 0}};
    ::poll(descriptors, connected() ? 2 : 1, static_cast<int>(at_most.count()));
}

Result<void> LayerClient::wait_for_layer(std::chrono::milliseconds within) {
    const auto deadline = Clock::now() + within;
    for (;;) {
        poll();
        if (connected()) return {};
        const auto left = std::chrono::duration_cast<std::chrono::milliseconds>(deadline - Clock::now());
        if (left.count() <= 0) break;
        wait_readable(left);
    }
    return std::unexpected(Error{.message = std::format("the player's OpenXR layer did not connect within {} ms", within.count()),
                                 .hint = "XR_API_LAYER_PATH has to name the folder of libaccalmie_xr_layer.so"});
}

void LayerClient::request_counters() {
    poll();
    if (connected()) send(std::format("query {}", ++asked_));
}

Result<LayerCounters> LayerClient::query(std::chrono::milliseconds within) {
    const auto deadline = Clock::now() + within;
    request_counters();
    while (connected() && answered_ < asked_) {
        const auto left = std::chrono::duration_cast<std::chrono::milliseconds>(deadline - Clock::now());
        if (left.count() <= 0) return std::unexpected(Error{.message = std::format("the player's OpenXR layer did not answer within {} ms", within.count()),
                                                            .hint = "the player makes no OpenXR calls: it hangs or waits"});
        wait_readable(left);
        poll();
    }
    if (!connected() || !counters_) return std::unexpected(Error{.message = "the player's OpenXR layer is not connected", .hint = {}});
    return *counters_;
}

}  // namespace accalmie::xr
