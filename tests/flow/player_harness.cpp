// SPDX-License-Identifier: Apache-2.0
#include "tests/flow/player_harness.h"

#include <fcntl.h>
#include <signal.h>
#include <spawn.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cstring>
#include <filesystem>
#include <format>
#include <fstream>
#include <stdexcept>
#include <thread>

namespace flow {

namespace fs = std::filesystem;
using Clock = std::chrono::steady_clock;

namespace {

constexpr int kLinkDescriptor = 3;

template <class T>
void append(std::string& bytes, T value) {
    char raw[sizeof(T)];
    std::memcpy(raw, &value, sizeof value);
    bytes.append(raw, sizeof value);
}

// A glowing square of 40 m, 3 m before the patient, and a small one for a cue level: colour is all that matters here.
std::string square_glb(const char* emissive, bool cue) {
    std::string binary;
    for (const float v : {-20.f, -20.f, -3.f, 20.f, -20.f, -3.f, 20.f, 20.f, -3.f, -20.f, 20.f, -3.f}) append(binary, v);
    for (int corner = 0; corner < 4; ++corner)
        for (const float v : {0.f, 0.f, 1.f}) append(binary, v);
    for (const float v : {0.f, 1.f, 1.f, 1.f, 1.f, 0.f, 0.f, 0.f}) append(binary, v);
    for (const int i : {0, 1, 2, 0, 2, 3}) append(binary, static_cast<std::uint16_t>(i));
    std::string json = std::format(
        R"({{"asset":{{"version":"2.0"}},"scene":0,"scenes":[{{"nodes":[0]}}],"nodes":[{{"name":"square","mesh":0{}}}],)"
        R"("meshes":[{{"primitives":[{{"attributes":{{"POSITION":0,"NORMAL":1,"TEXCOORD_0":2,"TEXCOORD_1":2}},"indices":3,"material":0}}]}}],)"
        R"("materials":[{{"pbrMetallicRoughness":{{"baseColorFactor":[0,0,0,1],"metallicFactor":0,"roughnessFactor":1}},"emissiveFactor":{},"doubleSided":true}}],)"
        R"("accessors":[{{"bufferView":0,"componentType":5126,"count":4,"type":"VEC3","min":[-20,-20,-3],"max":[20,20,-3]}},)"
        R"({{"bufferView":1,"componentType":5126,"count":4,"type":"VEC3"}},{{"bufferView":2,"componentType":5126,"count":4,"type":"VEC2"}},)"
        R"({{"bufferView":3,"componentType":5123,"count":6,"type":"SCALAR"}}],)"
        R"("bufferViews":[{{"buffer":0,"byteOffset":0,"byteLength":48}},{{"buffer":0,"byteOffset":48,"byteLength":48}},)"
        R"({{"buffer":0,"byteOffset":96,"byteLength":32}},{{"buffer":0,"byteOffset":128,"byteLength":12}}],"buffers":[{{"byteLength":140}}]}})",
        cue ? R"(,"extras":{"cue":"red square"})" : "", emissive);
    while (json.size() % 4 != 0) json += ' ';
    std::string glb;
    append(glb, 0x46546C67u), append(glb, 2u), append(glb, static_cast<std::uint32_t>(28 + json.size() + binary.size()));
    append(glb, static_cast<std::uint32_t>(json.size())), append(glb, 0x4E4F534Au);
    glb += json;
    append(glb, static_cast<std::uint32_t>(binary.size())), append(glb, 0x004E4942u);
    return glb + binary;
}

void write(const fs::path& path, const std::string& text) {
    fs::create_directories(path.parent_path());
    std::ofstream(path, std::ios::binary) << text;
}

void write_scene(const fs::path& root, const std::string& name, const std::string& kind, const char* emissive, int levels) {
    std::string toml = std::format("kind = \"{}\"\ntitle = {{ en = \"t\", fr = \"t\" }}\nasset = \"assets/scenes/{}.glb\"\nevidence = {{ en = \"e\", fr = \"e\" }}\n", kind, name);
    if (kind == "cue") toml += "substance = \"alcohol\"\n";
    toml += "[comfort]\nmaximum_luminance = 1.0\nflashes_per_second = 0\n";
    for (int level = 0; level < levels; ++level) toml += std::format("[[level]]\nlevel = {}\ntitle = {{ en = \"l\", fr = \"l\" }}\nnote = {{ en = \"n\", fr = \"n\" }}\n", level);
    write(root / "scenes" / name / "scene.toml", toml);
    write(root / "assets" / "scenes" / (name + ".glb"), square_glb(emissive, kind == "cue"));
}

}  // namespace

SmallScenes::SmallScenes() : root_(folder_.path()) {
    write_scene(root_, "calm-room", "calm", "[0,0.5,0]", 1);
    write_scene(root_, "waiting-room", "neutral", "[0,0,0.5]", 1);
    write_scene(root_, "bar-night", "cue", "[0.5,0,0]", 5);
}

int Pixels::count(int channel) const {
    int found = 0;
    for (std::size_t i = 0; i + 3 < rgba.size(); i += 4) {
        const int here = rgba[i + static_cast<std::size_t>(channel)];
        int others = 0;
        for (std::size_t other = 0; other < 3; ++other)
            if (static_cast<int>(other) != channel) others = std::max(others, static_cast<int>(rgba[i + other]));
        found += here > 24 && here > 2 * others ? 1 : 0;
    }
    return found;
}

DrivenPlayer::DrivenPlayer(Setup setup) : keep_heartbeats_(setup.keep_heartbeats) {
    auto pair = link::Channel::make_pair();
    if (!pair) throw std::runtime_error("no link");
    channel_ = std::move(pair->first);
    const auto program = setup.program.empty() ? (fs::read_symlink("/proc/self/exe").parent_path() / "accalmie-player").string() : setup.program;
    std::vector<std::string> arguments{program, "--link-fd", std::to_string(kLinkDescriptor), "--xr", setup.xr, "--size", setup.size, "--msaa", "1"};
    arguments.insert(arguments.end(), setup.arguments.begin(), setup.arguments.end());
    std::vector<std::string> environment;
    for (char** entry = environ; *entry; ++entry)
        if (!std::string_view(*entry).starts_with("ACCALMIE_ROOT=")) environment.emplace_back(*entry);
    if (!setup.root.empty()) environment.push_back("ACCALMIE_ROOT=" + setup.root);
    std::vector<char*> argv, envp;
    for (auto& one : arguments) argv.push_back(one.data());
    for (auto& one : environment) envp.push_back(one.data());
    argv.push_back(nullptr);
    envp.push_back(nullptr);
    link::FileDescriptor moved(::fcntl(pair->second.get(), F_DUPFD_CLOEXEC, 10));  // dup2 onto itself would keep close-on-exec
    posix_spawn_file_actions_t actions;
    posix_spawn_file_actions_init(&actions);
    posix_spawn_file_actions_adddup2(&actions, moved.get(), kLinkDescriptor);
    const int failure = posix_spawn(&pid_, program.c_str(), &actions, nullptr, argv.data(), envp.data());
    posix_spawn_file_actions_destroy(&actions);
    if (failure != 0) throw std::runtime_error("cannot start " + program);
}

DrivenPlayer::~DrivenPlayer() {
    if (alive()) {
        ::kill(pid_, SIGKILL);
        ::waitpid(pid_, nullptr, 0);
    }
}

bool DrivenPlayer::wait_until_ready() {
    say(link::Hello{link::kVersion, "fr"});
    const auto ready = wait_for<link::Ready>(milliseconds(60'000));
    if (ready) ready_ = *ready;
    return ready && mirror_;
}

void DrivenPlayer::say(const link::Message& message) { (void)channel_.send(message); }
void DrivenPlayer::say_bytes(const std::vector<std::uint8_t>& bytes) { (void)::send(channel_.descriptor(), bytes.data(), bytes.size(), MSG_NOSIGNAL); }

bool DrivenPlayer::pump(milliseconds wait) {
    if (keep_heartbeats_ && Clock::now() - spoke_ > milliseconds(100)) {
        spoke_ = Clock::now();
        say(link::Heartbeat{++heartbeats_});
    }
    if (channel_.descriptor() < 0) return std::this_thread::sleep_for(wait), true;
    auto received = channel_.receive(wait);
    if (!received) throw std::runtime_error(received.error().message);
    if (*received) {
        if (const auto* ready = std::get_if<link::Ready>(&(*received)->message)) {
            auto opened = link::MirrorReader::open(std::move((*received)->descriptor), ready->mirror_width, ready->mirror_height);
            if (!opened) throw std::runtime_error(opened.error().message);
            mirror_.emplace(std::move(*opened));
        }
        heard_.push_back(std::move((*received)->message));
    }
    return !channel_.closed();
}

void DrivenPlayer::pump_for(milliseconds time) {
    for (const auto end = Clock::now() + time; Clock::now() < end && pump(milliseconds(5));) {
    }
}

std::optional<Pixels> DrivenPlayer::newer_picture(std::uint64_t after) const {
    Pixels pixels{.width = mirror_->width(), .height = mirror_->height(), .rgba = {}};
    const auto frame = mirror_->read(after, pixels.rgba);
    if (!frame) return std::nullopt;
    pixels.frame = *frame;
    return pixels;
}

std::optional<Pixels> DrivenPlayer::picture_from(std::uint64_t frame, milliseconds limit) {
    for (const auto end = Clock::now() + limit; Clock::now() < end;) {
        if (auto pixels = newer_picture(frame == 0 ? 0 : frame - 1)) return pixels;
        pump(milliseconds(3));
    }
    return std::nullopt;
}

bool DrivenPlayer::alive() {
    if (status_) return false;
    int status = 0;
    if (::waitpid(pid_, &status, WNOHANG) == pid_) status_ = WIFSIGNALED(status) ? 128 + WTERMSIG(status) : WEXITSTATUS(status);
    return !status_;
}

std::optional<int> DrivenPlayer::exit_code(milliseconds limit) {
    for (const auto end = Clock::now() + limit; alive() && Clock::now() < end;) std::this_thread::sleep_for(milliseconds(5));
    return status_;
}

link::SimulatedHands pointing_at(glm::vec3 target_m) {
    link::SimulatedHands hands;
    hands.aim_valid = true;
    hands.aim_position_m = {0.22f, 0.85f, -0.25f};
    hands.aim_orientation = glm::quatLookAt(glm::normalize(target_m - hands.aim_position_m), glm::vec3(0, 1, 0));
    return hands;
}

}  // namespace flow
