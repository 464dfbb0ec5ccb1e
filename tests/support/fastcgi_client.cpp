#include "support/fastcgi_client.h"

#include <poll.h>
#include <sys/socket.h>
#include <sys/un.h>

#include <cstring>
#include <stdexcept>

namespace gatehouse::test {
namespace {

constexpr int kPatienceMs = 10'000;

std::string length(std::size_t value) {
  if (value < 128) return {static_cast<char>(value)};
  return {static_cast<char>(0x80U | value >> 24U), static_cast<char>(value >> 16U & 0xffU),
          static_cast<char>(value >> 8U & 0xffU), static_cast<char>(value & 0xffU)};
}

}  // namespace

std::string record(unsigned char type, std::string_view content, unsigned char padding,
                   unsigned id) {
  const std::string header = {'\1',
                              static_cast<char>(type),
                              static_cast<char>(id >> 8U & 0xffU),
                              static_cast<char>(id & 0xffU),
                              static_cast<char>(content.size() >> 8U & 0xffU),
                              static_cast<char>(content.size() & 0xffU),
                              static_cast<char>(padding),
                              '\0'};
  return header + std::string(content) + std::string(padding, '\0');
}

std::string pairs(const Params& params) {
  std::string bytes;
  for (const auto& [name, value] : params) {
    bytes += length(name.size()) + length(value.size()) + name + value;
  }
  return bytes;
}

std::string request(const Params& params, std::string_view body, bool keep) {
  const std::string begin = {'\0', '\1', keep ? '\1' : '\0', 0, 0, 0, 0, 0};
  return record(1, begin) + (params.empty() ? "" : record(4, pairs(params), 3)) + record(4, "") +
         (body.empty() ? "" : record(5, body)) + record(5, "");
}

FastCgiClient::FastCgiClient(const std::filesystem::path& socket)
    : fd_(::socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0)) {
  sockaddr_un address{};
  address.sun_family = AF_UNIX;
  std::strncpy(address.sun_path, socket.c_str(), sizeof address.sun_path - 1);
  if (::connect(fd_.get(), reinterpret_cast<const sockaddr*>(&address), sizeof address) != 0) {
    throw std::runtime_error("cannot connect to " + socket.string());
  }
}

void FastCgiClient::send(std::string_view bytes) {
  // A peer that has had enough closes while we still send: that is for `receive` to find.
  ::send(fd_.get(), bytes.data(), bytes.size(), MSG_NOSIGNAL);
}

std::string FastCgiClient::receive() {
  std::string out;
  for (;;) {
    const std::string header = read_exactly(8);
    if (header.size() < 8) return {};
    const auto at = [&](std::size_t i) { return static_cast<unsigned char>(header[i]); };
    const std::string content = read_exactly(static_cast<std::size_t>(at(4)) << 8U | at(5));
    static_cast<void>(read_exactly(at(6)));
    if (at(1) == 3) return out;
    if (at(1) == 6) out += content;
  }
}

bool FastCgiClient::closed() {
  pollfd state{.fd = fd_.get(), .events = POLLIN | POLLRDHUP, .revents = 0};
  if (::poll(&state, 1, kPatienceMs) <= 0) return false;
  return (state.revents & (POLLHUP | POLLRDHUP | POLLERR)) != 0;
}

std::string FastCgiClient::read_exactly(std::size_t size) {
  std::string bytes(size, '\0');
  std::size_t have = 0;
  while (have < size) {
    pollfd state{.fd = fd_.get(), .events = POLLIN, .revents = 0};
    if (::poll(&state, 1, kPatienceMs) <= 0) break;
    const ssize_t got = ::recv(fd_.get(), bytes.data() + have, size - have, 0);
    if (got <= 0) break;
    have += static_cast<std::size_t>(got);
  }
  bytes.resize(have);
  return bytes;
}

}  // namespace gatehouse::test
