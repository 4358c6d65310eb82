// SPDX-License-Identifier: Apache-2.0
// Owns: the console's (or a test's) end of the socket to our OpenXR API layer in the player: simulated hands and head, faults, counters.
// Aim, head, gaze and buttons are kept and given again to every layer that connects (a new session, a restarted player); faults are given once.
// Never: blocks, save query() and wait_for_layer(). Poses are in STAGE space, metres. Thread: one owner.
#pragma once

#include <chrono>
#include <deque>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "engine/error.h"
#include "engine/xr/layer/hands.h"
#include "engine/xr/layer/protocol.h"
#include "engine/xr/session.h"

namespace accalmie::xr {

using LayerFault = layer::Fault;
using LayerCounters = layer::Counters;

class LayerClient {
public:
    // Before the player starts. The path is removed at the end.
    static Result<LayerClient> listen(const std::string& socket_path);
    LayerClient(LayerClient&& other) noexcept;
    LayerClient& operator=(LayerClient&& other) noexcept;
    ~LayerClient();

    // What the player's environment needs beside the runtime's: the socket, where the layers are and that ours is wanted, nearest to
    // the runtime; layers that this process's own environment asks for (core validation) stay, nearer to the player.
    // `layer_folder` holds libaccalmie_xr_layer.so and its manifest: lib/ beside the programs' bin/.
    std::vector<std::pair<std::string, std::string>> environment(const std::string& layer_folder) const;

    void set_aim(std::optional<Pose> stage_from_aim);
    void set_head(std::optional<Pose> stage_from_head);
    void set_gaze(std::optional<Pose> stage_from_gaze);
    void set_joints(std::size_t hand, std::optional<layer::BareHand> bare);  // 0: left, 1: right
    void set_select(bool held);
    void set_stop(bool held);
    void set_fault(LayerFault fault, bool on = true, std::chrono::milliseconds late = {}, int frames = 0);

    // Accepts a layer, sends what waits, reads what came. Every call above and below does it too.
    void poll();
    bool connected() const { return connection_ >= 0; }
    Result<void> wait_for_layer(std::chrono::milliseconds within);

    // The answer arrives in counters() after a later poll(), once the player made another OpenXR call.
    void request_counters();
    const std::optional<LayerCounters>& counters() const { return counters_; }
    Result<LayerCounters> query(std::chrono::milliseconds within);  // the player runs in another thread or process

private:
    LayerClient() = default;
    void swap(LayerClient& other) noexcept;
    bool accept_layer();
    void drop_layer();
    void send(std::string line);
    void flush();
    void receive();
    void wait_readable(std::chrono::milliseconds at_most) const;

    std::string path_;
    int listener_ = -1, connection_ = -1;
    std::deque<std::string> outgoing_;
    std::deque<std::string> faults_for_next_;  // asked for while no layer was there
    std::optional<Pose> aim_, head_, gaze_;
    std::array<std::optional<layer::BareHand>, 2> joints_;
    std::optional<bool> select_, stop_;
    std::int64_t asked_ = 0, answered_ = 0;
    std::optional<LayerCounters> counters_;
};

}  // namespace accalmie::xr
