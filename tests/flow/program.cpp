// SPDX-License-Identifier: Apache-2.0
#include "tests/flow/program.h"

#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cstdlib>
#include <format>
#include <fstream>
#include <stdexcept>

#include "clinician/records/accounts.h"

namespace flow {

namespace fs = std::filesystem;
using Clock = std::chrono::steady_clock;

Folder::Folder() {
    char pattern[] = "/tmp/accalmie-flow-XXXXXX";
    if (!mkdtemp(pattern)) throw std::runtime_error("no temporary folder");
    path_ = pattern;
}

Folder::~Folder() {
    std::error_code ignored;
    fs::remove_all(path_, ignored);
}

Program::Program(const std::string& name, std::vector<std::string> arguments, std::vector<std::string> environment) {
    // A program of this build by its name; any other by its path.
    const auto program = name.contains('/') ? name : (fs::read_symlink("/proc/self/exe").parent_path() / name).string();
    int out[2], err[2];
    if (pipe2(out, O_CLOEXEC) != 0 || pipe2(err, O_CLOEXEC) != 0) throw std::runtime_error("no pipe");
    posix_spawn_file_actions_t actions;
    posix_spawn_file_actions_init(&actions);
    posix_spawn_file_actions_adddup2(&actions, out[1], STDOUT_FILENO);
    posix_spawn_file_actions_adddup2(&actions, err[1], STDERR_FILENO);
    std::vector<char*> argv{const_cast<char*>(program.c_str())}, envp;
    for (auto& argument : arguments) argv.push_back(argument.data());
    argv.push_back(nullptr);
    for (auto& entry : environment) envp.push_back(entry.data());
    for (char** entry = environ; *entry; ++entry) envp.push_back(*entry);
    envp.push_back(nullptr);
    const int failure = posix_spawn(&pid_, program.c_str(), &actions, nullptr, argv.data(), envp.data());
    posix_spawn_file_actions_destroy(&actions);
    close(out[1]);
    close(err[1]);
    out_ = out[0];
    err_ = err[0];
    if (failure != 0) throw std::runtime_error("cannot start " + program);
}

Program::~Program() {
    if (pid_ > 0) {
        ::kill(pid_, SIGKILL);
        waitpid(pid_, nullptr, 0);
    }
    if (out_ >= 0) close(out_);
    if (err_ >= 0) close(err_);
}

void Program::signal(int number) { ::kill(pid_, number); }

bool Program::read_some(std::chrono::milliseconds wait) {
    pollfd polls[2] = {{out_, POLLIN, 0}, {err_, POLLIN, 0}};
    if (poll(polls, 2, static_cast<int>(wait.count())) <= 0) return true;
    bool open = false;
    for (int i = 0; i < 2; ++i) {
        if (!(polls[i].revents & (POLLIN | POLLHUP))) {
            open = open || polls[i].fd >= 0;
            continue;
        }
        char buffer[4096];
        const auto count = read(polls[i].fd, buffer, sizeof buffer);
        if (count > 0) {
            (i == 0 ? output_ : errors_).append(buffer, static_cast<std::size_t>(count));
            open = true;
        } else {
            close(polls[i].fd);
            (i == 0 ? out_ : err_) = -1;
        }
    }
    return open || out_ >= 0 || err_ >= 0;
}

bool Program::wait_for(const std::string& text, std::chrono::milliseconds limit) {
    const auto end = Clock::now() + limit;
    while (!output_.contains(text) && !errors_.contains(text) && Clock::now() < end) {
        if (!read_some(std::chrono::milliseconds(5))) break;
    }
    return output_.contains(text) || errors_.contains(text);
}

Finished Program::finish(std::chrono::seconds limit) {
    const auto end = Clock::now() + limit;
    int status = 0;
    bool ended = false;
    while (!ended && Clock::now() < end) {
        read_some(std::chrono::milliseconds(5));
        ended = waitpid(pid_, &status, WNOHANG) == pid_;
    }
    if (!ended) {
        ::kill(pid_, SIGKILL);
        waitpid(pid_, &status, 0);
    }
    pid_ = -1;
    for (int i = 0; i < 64 && (out_ >= 0 || err_ >= 0); ++i) {
        if (!read_some(std::chrono::milliseconds(2))) break;
    }
    return {WIFSIGNALED(status) ? 128 + WTERMSIG(status) : WEXITSTATUS(status), output_, errors_};
}

Finished run(const std::string& name, std::vector<std::string> arguments, std::chrono::seconds limit) {
    return Program(name, std::move(arguments)).finish(limit);
}

std::optional<pid_t> child_named(pid_t parent, const std::string& name) {
    std::ifstream children(std::format("/proc/{0}/task/{0}/children", parent));
    for (pid_t child = 0; children >> child;) {
        std::string command;
        std::getline(std::ifstream(std::format("/proc/{}/comm", child)), command);
        if (name.starts_with(command)) return child;  // comm is cut at 15 characters
    }
    return std::nullopt;
}

StudyFolder::StudyFolder() : study(folder / "study"), key(folder / "key") {
    using namespace accalmie::records;
    const auto secret = Key::random();
    auto made = Study::create(study, {.id = "T", .title = "Test", .site = "Test", .rehearsal = true}, secret);
    if (!secret.write_file(key) || !made || !made->add_patient("", kPseudonym)) throw std::runtime_error("no study");
}

std::vector<std::string> StudyFolder::as(const std::string& account, std::vector<std::string> command) const {
    using namespace accalmie::records;
    const std::string passphrase = folder / "passphrase";
    if (!std::filesystem::exists(passphrase)) {
        auto secret = Key::read_file(key);
        auto opened = secret ? Study::open(study, *secret) : std::unexpected(secret.error());
        if (!opened) throw std::runtime_error("no study");
        auto chief = add_account(*opened, "chief", AccountRole::administrator, kPassphrase, nullptr);
        if (!chief) throw std::runtime_error(chief.error().message);
        for (const auto& [name, role] : {std::pair{"a.martin", AccountRole::clinician}, std::pair{"assessor", AccountRole::assessor},
                                         std::pair{"data", AccountRole::data_manager}, std::pair{"nurse", AccountRole::operator_}})
            if (auto added = add_account(*opened, name, role, kPassphrase, &*chief); !added) throw std::runtime_error(added.error().message);
        std::ofstream(passphrase) << kPassphrase << "\n";
    }
    for (const std::string& argument : {std::string("--study"), study, std::string("--key-file"), key, std::string("--account"), account, std::string("--passphrase-file"), passphrase})
        command.push_back(argument);
    return command;
}

std::vector<std::string> StudyFolder::rehearse(const std::string& protocol, std::uint64_t seed) const {
    return {"rehearse", "--study", study, "--key-file", key, "--protocol", protocol, "--pseudonym", kPseudonym, "--seed", std::to_string(seed),
            "--size", "64x64", "--msaa", "1"};
}

}  // namespace flow
