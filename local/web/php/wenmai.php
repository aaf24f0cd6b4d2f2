<?php
/**
 * Wenmai client in one file, PHP 5.6 to 8, without Composer.
 *
 *     require 'wenmai.php';
 *     $wenmai = new Wenmai('https://api.example.com', array('cache' => '/path/that/php/may/write'));
 *     foreach ($wenmai->related('42', 6) as $item) {
 *         echo '<a href="', Wenmai::escape($item['url']), '">', Wenmai::escape($item['title']), '</a>';
 *     }
 *
 * A page never waits longer than the time-out (300 ms) and never breaks: what cannot be had fresh comes from the
 * file cache, however old, and what was never had is an empty list. Errors are told by lastError().
 */
class Wenmai
{
    private $base;
    private $timeoutMs;
    private $cacheFolder;
    private $freshSeconds;
    private $retrySeconds;
    private $lastError = null;

    /**
     * @param string $base    where the service answers, such as https://api.example.com
     * @param array  $options timeout_ms (300), cache (folder; '' keeps nothing), fresh_seconds (60): how long an
     *                        answer is used without asking; retry_seconds (10): how long a service that failed
     *                        is left alone
     */
    public function __construct($base, array $options = array())
    {
        $options += array('timeout_ms' => 300, 'cache' => sys_get_temp_dir() . '/wenmai-php',
            'fresh_seconds' => 60, 'retry_seconds' => 10);
        $this->base = rtrim($base, '/');
        $this->timeoutMs = (int) $options['timeout_ms'];
        $this->cacheFolder = (string) $options['cache'];
        $this->freshSeconds = (int) $options['fresh_seconds'];
        $this->retrySeconds = (int) $options['retry_seconds'];
    }

    /** Return the related articles of an article: a list of cards. */
    public function related($articleId, $size = 10)
    {
        return $this->items('/v1/articles/' . rawurlencode($articleId) . '/related', array('size' => (int) $size));
    }

    /** Return the hot list of a window (day, week, month, all), of the site or of one category. */
    public function hot($window = 'week', $size = 10, $category = '')
    {
        $parameters = array('window' => $window, 'size' => (int) $size, 'category' => $category);
        return $this->items('/v1/hot', array_filter($parameters, 'strlen'));
    }

    /** Return a whole search answer (query, total, items, facets), null where there is none. */
    public function search($text, array $parameters = array())
    {
        return $this->get('/v1/search', array('q' => $text) + $parameters);
    }

    /** Return every box of an article's page, null where there is none. */
    public function blocks($articleId)
    {
        return $this->get('/v1/articles/' . rawurlencode($articleId) . '/blocks');
    }

    /** Return the decoded answer to a GET request, from the cache where it must be, null where there is none. */
    public function get($path, array $parameters = array())
    {
        $this->lastError = null;
        $query = http_build_query($parameters, '', '&', PHP_QUERY_RFC3986);
        $url = $this->base . $path . ($query === '' ? '' : '?' . $query);
        $file = $this->cacheFolder === '' ? '' : $this->cacheFolder . '/' . hash('sha256', $url) . '.json';
        $age = $file !== '' && is_file($file) ? time() - (int) @filemtime($file) : null;
        if ($age !== null && $age < $this->freshSeconds) {
            $kept = $this->kept($file);
            if ($kept !== null) {
                return $kept;
            }
        }
        $answer = $this->isResting() ? null : $this->fetch($url);
        if ($answer === null) {
            return $file === '' ? null : $this->kept($file);
        }
        if ($file !== '') {
            $this->keep($file, $answer);
        }
        return json_decode($answer, true);
    }

    /** Return what went wrong at the last call, null if nothing did. */
    public function lastError()
    {
        return $this->lastError;
    }

    /** Return text as it may stand in HTML, attributes included. */
    public static function escape($text)
    {
        return htmlspecialchars((string) $text, ENT_QUOTES | ENT_SUBSTITUTE, 'UTF-8');
    }

    private function items($path, array $parameters)
    {
        $answer = $this->get($path, $parameters);
        return isset($answer['items']) && is_array($answer['items']) ? $answer['items'] : array();
    }

    private function fetch($url)
    {
        // A stream's time-out counts each read; the deadline below counts the whole body. HTTP/1.0, because PHP
        // reads a chunked body until its buffer is full, however slowly it drips.
        $deadline = microtime(true) + $this->timeoutMs / 1000;
        $context = stream_context_create(array('http' => array('method' => 'GET', 'ignore_errors' => true,
            'protocol_version' => 1.0,
            'timeout' => $this->timeoutMs / 1000, 'follow_location' => 0,
            'header' => "Accept: application/json\r\nConnection: close\r\n")));
        $stream = @fopen($url, 'rb', false, $context);
        if ($stream === false) {
            return $this->failed('no connection to ' . $this->base . ' within ' . $this->timeoutMs . ' ms');
        }
        $meta = stream_get_meta_data($stream);
        $status = isset($meta['wrapper_data'][0]) ? $meta['wrapper_data'][0] : '';
        $body = '';
        while (!feof($stream)) {
            $left = $deadline - microtime(true);
            if ($left <= 0) {
                fclose($stream);
                return $this->failed('no whole answer within ' . $this->timeoutMs . ' ms');
            }
            stream_set_timeout($stream, 0, (int) max(1000, $left * 1000000));
            $body .= (string) fread($stream, 65536);
            $meta = stream_get_meta_data($stream);
            if ($meta['timed_out']) {
                break;
            }
        }
        fclose($stream);
        if ($meta['timed_out']) {
            return $this->failed('no whole answer within ' . $this->timeoutMs . ' ms');
        }
        if (!preg_match('~^HTTP/\S+ 200\b~', $status)) {
            $problem = json_decode($body, true);
            $detail = isset($problem['detail']) ? $problem['detail'] : $status;
            // A refused request (4xx) is the caller's doing: asking again soon is fine.
            return preg_match('~^HTTP/\S+ 4~', $status) ? $this->refused($detail) : $this->failed($detail);
        }
        if (!is_array(json_decode($body, true))) {
            return $this->failed('the answer is no JSON');
        }
        return $body;
    }

    private function refused($why)
    {
        $this->lastError = $why;
        return null;
    }

    private function failed($why)
    {
        $this->lastError = $why;
        if ($this->cacheFolder !== '' && $this->makeFolder()) {
            @touch($this->restingFile());
        }
        return null;
    }

    private function isResting()
    {
        $file = $this->restingFile();
        clearstatcache(true, $file);
        if ($this->cacheFolder === '' || !is_file($file) || time() - filemtime($file) >= $this->retrySeconds) {
            return false;
        }
        $this->lastError = 'the service failed a moment ago and is left alone for ' . $this->retrySeconds . ' s';
        return true;
    }

    private function restingFile()
    {
        return $this->cacheFolder . '/resting-' . hash('sha256', $this->base);
    }

    private function kept($file)
    {
        $text = is_file($file) ? @file_get_contents($file) : false;
        $value = $text === false ? null : json_decode($text, true);
        return is_array($value) ? $value : null;
    }

    private function keep($file, $answer)
    {
        if (!$this->makeFolder()) {
            return;
        }
        // Written beside and renamed: another request never reads half an answer.
        $part = $file . '.' . uniqid('', true);
        if (@file_put_contents($part, $answer) === strlen($answer)) {
            @rename($part, $file);
        } else {
            @unlink($part);
        }
    }

    private function makeFolder()
    {
        return is_dir($this->cacheFolder) || @mkdir($this->cacheFolder, 0700, true) || is_dir($this->cacheFolder);
    }
}
