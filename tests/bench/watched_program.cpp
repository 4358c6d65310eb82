// SPDX-License-Identifier: Apache-2.0
#include "tests/bench/watched_program.h"

#include <fcntl.h>
#include <poll.h>
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <chrono>
#include <cstring>
#include <filesystem>
#include <format>
#include <fstream>
#include <map>
#include <utility>

extern char** environ;

namespace accalmie::bench {
namespace {

constexpr int kLook_ms = 100;

struct Process {
    pid_t parent = 0;
    std::string name;
};

std::map<pid_t, Process> processes() {
    std::map<pid_t, Process> all;
    std::error_code ignored;
    for (const auto& entry : std::filesystem::directory_iterator("/proc", ignored)) {
        const std::string pid = entry.path().filename().string();
        if (pid.find_first_not_of("0123456789") != std::string::npos) continue;
        std::ifstream file(entry.path() / "stat");
        std::string text;
        std::getline(file, text);
        // PID (NAME) STATE PARENT ...; the name may hold anything.
        const auto open = text.find('('), close = text.rfind(')');
        if (open == std::string::npos || close == std::string::npos || close + 4 >= text.size()) continue;
        all[std::atoi(pid.c_str())] = {std::atoi(text.c_str() + close + 4), text.substr(open + 1, close - open - 1)};
    }
    return all;
}

double tree_mib(pid_t root, const std::vector<std::string>& not_counted) {
    const auto all = processes();
    double sum = 0;
    for (const auto& [pid, process] : all) {
        pid_t up = pid;
        while (up != root && up > 1) {
            const auto found = all.find(up);
            up = found == all.end() ? 0 : found->second.parent;
        }
        if (up == root && !std::ranges::contains(not_counted, process.name)) sum += memory_mib(std::to_string(pid), "VmRSS:");
    }
    return sum;
}

std::vector<char*> pointers(std::vector<std::string>& words) {
    std::vector<char*> all;
    for (std::string& word : words) all.push_back(word.data());
    all.push_back(nullptr);
    return all;
}

struct Pipe {
    int read = -1, write = -1;
    Pipe() {
        int ends[2];
        if (pipe2(ends, O_CLOEXEC) == 0) read = ends[0], write = ends[1];
    }
    ~Pipe() {
        close_write();
        if (read >= 0) close(read);
    }
    Pipe(const Pipe&) = delete;
    Pipe& operator=(const Pipe&) = delete;
    void close_write() {
        if (write >= 0) close(std::exchange(write, -1));
    }
};

Result<pid_t> start(const WatchedOptions& options, int output) {
    posix_spawn_file_actions_t actions;
    posix_spawn_file_actions_init(&actions);
    posix_spawn_file_actions_addopen(&actions, STDIN_FILENO, "/dev/null", O_RDONLY, 0);
    posix_spawn_file_actions_adddup2(&actions, output, STDOUT_FILENO);
    if (!options.errors_to.empty()) posix_spawn_file_actions_addopen(&actions, STDERR_FILENO, options.errors_to.c_str(), O_WRONLY | O_CREAT | O_TRUNC, 0644);
    std::vector<std::string> words = options.words, environment;
    const auto named_anew = [&](std::string_view old) {
        return std::ranges::any_of(options.environment, [&](const std::string& each) { return old.starts_with(std::string_view(each).substr(0, each.find('=') + 1)); });
    };
    for (char** each = environ; *each != nullptr; ++each)
        if (!named_anew(*each)) environment.emplace_back(*each);
    environment.insert(environment.end(), options.environment.begin(), options.environment.end());
    pid_t pid = -1;
    const int failure = posix_spawnp(&pid, words.front().c_str(), &actions, nullptr, pointers(words).data(), pointers(environment).data());
    posix_spawn_file_actions_destroy(&actions);
    if (failure != 0) return std::unexpected(Error{std::format("it does not start: {}", std::strerror(failure)), {}, options.words.front()});
    return pid;
}

}  // namespace

double memory_mib(const std::string& pid, const std::string& field) {
    std::ifstream status("/proc/" + pid + "/status");
    std::string word;
    while (status >> word)
        if (word == field) {
            double kib = 0;
            status >> kib;
            return kib / 1024;
        }
    return 0;
}

Result<Watched> run_watched(const WatchedOptions& options) {
    Pipe pipe;
    auto pid = start(options, pipe.write);
    if (!pid) return std::unexpected(std::move(pid.error()));
    pipe.close_write();
    Watched watched;
    std::string pending;
    double peak_mib = 0;
    auto looked = std::chrono::steady_clock::time_point{};
    while (true) {
        pollfd wait{pipe.read, POLLIN, 0};
        (void)poll(&wait, 1, kLook_ms);
        if (const auto now = std::chrono::steady_clock::now(); now - looked >= std::chrono::milliseconds(kLook_ms)) {
            looked = now;
            peak_mib = std::max(peak_mib, tree_mib(*pid, options.not_counted));
        }
        if (wait.revents == 0) continue;
        char bytes[4096];
        const ssize_t got = read(pipe.read, bytes, sizeof bytes);
        if (got <= 0) break;
        pending.append(bytes, static_cast<std::size_t>(got));
        for (auto end = pending.find('\n'); end != std::string::npos; end = pending.find('\n')) {
            watched.lines.push_back({pending.substr(0, end), std::exchange(peak_mib, 0.0)});
            pending.erase(0, end + 1);
            if (options.on_line) options.on_line(watched.lines.back());
        }
    }
    int status = 0;
    if (waitpid(*pid, &status, 0) == *pid) watched.exit_code = WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
    return watched;
}

}  // namespace accalmie::bench
