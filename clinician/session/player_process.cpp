// SPDX-License-Identifier: Apache-2.0
#include "clinician/session/player_process.h"

#include <fcntl.h>
#include <signal.h>
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

#include <chrono>
#include <cstring>
#include <filesystem>
#include <format>
#include <thread>
#include <utility>

namespace accalmie::session {

namespace {

constexpr int kLinkDescriptor = 3;  // the child's number for its end of the link

std::string player_path() {
    std::error_code ignored;
    const auto self = std::filesystem::read_symlink("/proc/self/exe", ignored);
    return (self.parent_path() / "accalmie-player").string();
}

std::vector<char*> pointers(std::vector<std::string>& texts) {
    std::vector<char*> result;
    result.reserve(texts.size() + 1);
    for (auto& text : texts) result.push_back(text.data());
    result.push_back(nullptr);
    return result;
}

std::vector<std::string> environment_with(const std::vector<std::string>& added) {
    std::vector<std::string> result;
    for (char** entry = environ; *entry; ++entry) {
        const std::string_view text(*entry);
        const auto name = text.substr(0, text.find('=') + 1);
        bool replaced = false;
        for (const auto& one : added) replaced = replaced || one.starts_with(name);
        if (!replaced) result.emplace_back(text);
    }
    result.insert(result.end(), added.begin(), added.end());
    return result;
}

std::string describe_end(int status) {
    if (WIFSIGNALED(status)) return std::format("signal {}", WTERMSIG(status));
    return std::format("exit code {}", WEXITSTATUS(status));
}

}  // namespace

Result<PlayerProcess> PlayerProcess::start(const PlayerOptions& options) {
    auto pair = link::Channel::make_pair();
    if (!pair) return std::unexpected(pair.error());
    auto& [ours, theirs] = *pair;

    const std::string program = options.program.empty() ? player_path() : options.program;
    std::vector<std::string> arguments{program, "--link-fd", std::to_string(kLinkDescriptor)};
    arguments.insert(arguments.end(), options.arguments.begin(), options.arguments.end());
    std::vector<std::string> environment = environment_with(options.environment);

    posix_spawn_file_actions_t actions;
    posix_spawn_file_actions_init(&actions);
    // dup2 onto itself keeps close-on-exec, so an end that already has the wanted number is moved away first.
    const int source = theirs.get() == kLinkDescriptor ? fcntl(theirs.get(), F_DUPFD_CLOEXEC, kLinkDescriptor + 1) : theirs.get();
    posix_spawn_file_actions_adddup2(&actions, source, kLinkDescriptor);
    posix_spawn_file_actions_addopen(&actions, STDIN_FILENO, "/dev/null", O_RDONLY, 0);
    if (!options.log_path.empty()) {
        posix_spawn_file_actions_addopen(&actions, STDERR_FILENO, options.log_path.c_str(), O_WRONLY | O_CREAT | O_APPEND, 0600);
    }
    pid_t pid = -1;
    const int failure = posix_spawn(&pid, program.c_str(), &actions, nullptr, pointers(arguments).data(), pointers(environment).data());
    posix_spawn_file_actions_destroy(&actions);
    if (source != theirs.get()) close(source);
    if (failure != 0) {
        return std::unexpected(Error{.message = std::format("the patient's program {} does not start: {}", program, std::strerror(failure)),
                                     .hint = "build it with ./dev build; it has to lie beside accalmie"});
    }
    PlayerProcess process;
    process.pid_ = pid;
    process.channel_ = std::move(ours);
    return process;
}

PlayerProcess::PlayerProcess(PlayerProcess&& other) noexcept
    : pid_(std::exchange(other.pid_, -1)), channel_(std::move(other.channel_)), ended_(std::move(other.ended_)) {}

PlayerProcess& PlayerProcess::operator=(PlayerProcess&& other) noexcept {
    if (this != &other) {
        kill();
        pid_ = std::exchange(other.pid_, -1);
        channel_ = std::move(other.channel_);
        ended_ = std::move(other.ended_);
    }
    return *this;
}

PlayerProcess::~PlayerProcess() {
    if (pid_ > 0 && !ended()) {
        (void)channel_.send(link::Quit{});
        for (int i = 0; i < 100 && !ended(); ++i) std::this_thread::sleep_for(std::chrono::milliseconds(20));
    }
    kill();
}

std::optional<std::string> PlayerProcess::ended() {
    if (pid_ > 0 && !ended_) {
        int status = 0;
        if (waitpid(pid_, &status, WNOHANG) == pid_) ended_ = describe_end(status);
    }
    return ended_;
}

void PlayerProcess::kill() {
    if (pid_ > 0 && !ended()) {
        ::kill(pid_, SIGKILL);
        int status = 0;
        waitpid(pid_, &status, 0);
        ended_ = describe_end(status);
    }
    pid_ = -1;
}

}  // namespace accalmie::session
