// SPDX-License-Identifier: Apache-2.0
#include "engine/xr/monado_service.h"

#include <fcntl.h>
#include <signal.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cstdlib>
#include <cstring>
#include <filesystem>
#include <format>
#include <fstream>
#include <sstream>
#include <thread>

extern char** environ;

namespace accalmie::xr {
namespace {

namespace fs = std::filesystem;
using Clock = std::chrono::steady_clock;

constexpr const char* kHint = "install Monado (Debian: libopenxr1-monado), or run with --xr offscreen";

std::string find_program() {
    const char* path = std::getenv("PATH");
    std::istringstream folders(path != nullptr ? path : "/usr/local/bin:/usr/bin:/bin");
    for (std::string folder; std::getline(folders, folder, ':');) {
        const std::string candidate = folder + "/monado-service";
        if (access(candidate.c_str(), X_OK) == 0) return candidate;
    }
    return {};
}

std::string find_manifest() {
    for (const char* candidate : {"/usr/share/openxr/1/openxr_monado.json", "/usr/local/share/openxr/1/openxr_monado.json",
                                  "/etc/openxr/1/openxr_monado.json"})
        if (access(candidate, R_OK) == 0) return candidate;
    return {};
}

// NAME=value, the later one winning.
std::vector<std::string> merged_environment(const MonadoService::Environment& changes) {
    std::vector<std::string> merged;
    const auto changed = [&](std::string_view entry) {
        for (const auto& [name, value] : changes)
            if (entry.starts_with(name + "=")) return true;
        return false;
    };
    for (char** entry = environ; *entry != nullptr; ++entry)
        if (!changed(*entry)) merged.emplace_back(*entry);
    for (const auto& [name, value] : changes) merged.push_back(name + "=" + value);
    return merged;
}

bool takes_connections(const std::string& socket_path) {
    sockaddr_un address{};
    address.sun_family = AF_UNIX;
    if (socket_path.size() >= sizeof address.sun_path) return false;
    std::memcpy(address.sun_path, socket_path.data(), socket_path.size());
    const int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
    if (fd < 0) return false;
    const bool connected = connect(fd, reinterpret_cast<const sockaddr*>(&address), sizeof address) == 0;
    close(fd);
    return connected;
}

}  // namespace

Result<MonadoService> MonadoService::start(const Options& options) {
    MonadoService service;
    if (auto spawned = service.spawn(options); !spawned) return std::unexpected(spawned.error());
    if (auto ready = service.wait_until_ready(options.ready_within); !ready) return std::unexpected(ready.error());
    return service;
}

Result<void> MonadoService::spawn(const Options& options) {
    const std::string program = find_program();
    if (program.empty()) return std::unexpected(Error{.message = "monado-service is not installed", .hint = kHint});
    manifest_ = find_manifest();
    if (manifest_.empty()) return std::unexpected(Error{.message = "openxr_monado.json was not found", .hint = kHint});

    // Under /tmp whatever TMPDIR says: a socket's path holds 107 characters.
    std::string pattern = "/tmp/accalmie-monado-XXXXXX";
    if (mkdtemp(pattern.data()) == nullptr)
        return std::unexpected(Error{.message = std::format("mkdtemp {}: {}", pattern, std::strerror(errno)), .hint = "make /tmp writable"});
    folder_ = pattern;

    Environment changes{{"XDG_RUNTIME_DIR", folder_}, {"XRT_COMPOSITOR_NULL", "1"}, {"XRT_NO_STDIN", "1"}, {"XR_ENABLE_API_LAYERS", ""}};
    changes.insert(changes.end(), options.extra_environment.begin(), options.extra_environment.end());
    std::vector<std::string> entries = merged_environment(changes);
    std::vector<char*> pointers;
    for (std::string& entry : entries) pointers.push_back(entry.data());
    pointers.push_back(nullptr);
    const std::string log = folder_ + "/service.log";
    char* arguments[] = {const_cast<char*>("monado-service"), nullptr};

    const pid_t parent = getpid();
    pid_ = fork();
    if (pid_ < 0) return std::unexpected(Error{.message = std::format("fork: {}", std::strerror(errno)), .hint = {}});
    if (pid_ == 0) {  // only calls that are safe after fork in a threaded program
        prctl(PR_SET_PDEATHSIG, SIGKILL);
        if (getppid() != parent) _exit(127);
        setsid();  // a Ctrl-C in the terminal is the console's, not the headset's
        const int out = open(log.c_str(), O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0600);
        const int in = open("/dev/null", O_RDONLY | O_CLOEXEC);
        dup2(in, STDIN_FILENO);
        dup2(out, STDOUT_FILENO);
        dup2(out, STDERR_FILENO);
        execve(program.c_str(), arguments, pointers.data());
        _exit(127);
    }
    return {};
}

Result<void> MonadoService::wait_until_ready(std::chrono::milliseconds within) {
    const auto deadline = Clock::now() + within;
    const std::string socket_path = folder_ + "/monado_comp_ipc";
    while (Clock::now() < deadline) {
        if (!running())
            return std::unexpected(Error{.message = "monado-service ended while it started: " + log(), .hint = "it needs a Vulkan driver (Debian: mesa-vulkan-drivers)"});
        if (takes_connections(socket_path)) return {};
        std::this_thread::sleep_for(std::chrono::milliseconds(20));
    }
    return std::unexpected(Error{.message = std::format("monado-service was not ready within {} ms: {}", within.count(), log()), .hint = {}});
}

MonadoService::MonadoService(MonadoService&& other) noexcept
    : pid_(std::exchange(other.pid_, -1)), folder_(std::exchange(other.folder_, {})), manifest_(std::exchange(other.manifest_, {})) {}

MonadoService& MonadoService::operator=(MonadoService&& other) noexcept {
    if (this != &other) {
        stop();
        pid_ = std::exchange(other.pid_, -1);
        folder_ = std::exchange(other.folder_, {});
        manifest_ = std::exchange(other.manifest_, {});
    }
    return *this;
}

MonadoService::~MonadoService() { stop(); }

MonadoService::Environment MonadoService::environment() const {
    return {{"XR_RUNTIME_JSON", manifest_}, {"XDG_RUNTIME_DIR", folder_}, {"OXR_NO_PRINTING", "1"}};
}

bool MonadoService::running() {
    if (pid_ < 0) return false;
    if (waitpid(pid_, nullptr, WNOHANG) == 0) return true;
    pid_ = -1;
    return false;
}

std::string MonadoService::log() const {
    std::ifstream file(folder_ + "/service.log");
    std::ostringstream text;
    text << file.rdbuf();
    return text.str();
}

void MonadoService::reap() {
    if (pid_ < 0) return;
    waitpid(pid_, nullptr, 0);
    pid_ = -1;
}

void MonadoService::kill() {
    if (pid_ < 0) return;
    ::kill(pid_, SIGKILL);
    reap();
}

void MonadoService::stop() {
    if (running()) {
        ::kill(pid_, SIGTERM);
        for (int i = 0; i < 50 && running(); ++i) std::this_thread::sleep_for(std::chrono::milliseconds(20));
        kill();
    }
    if (folder_.empty()) return;
    std::error_code ignored;
    fs::remove_all(folder_, ignored);
    folder_.clear();
}

}  // namespace accalmie::xr
